package io.moha.proxy.admin;

/** A statement that admin SQL does not know; the message says where it stopped making sense. */
final class AdminSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    AdminSyntaxException(String message) {
        super(message);
    }

    /** For the statement text that begins at {@code near}, in MySQL's words. */
    static AdminSyntaxException near(String near) {
        return new AdminSyntaxException(
                "You have an error in your SQL syntax; try HELP for what this port understands,"
                        + " near '"
                        + near
                        + "'");
    }
}
