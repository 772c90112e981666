package io.moha.bench.load;

/**
 * A MySQL account of a throw-away server.
 *
 * @param user its name
 * @param password its password
 */
public record Account(String user, String password) {

    /** Without the password, so that it can be logged. */
    @Override
    public String toString() {
        return "Account[" + user + "]";
    }
}
