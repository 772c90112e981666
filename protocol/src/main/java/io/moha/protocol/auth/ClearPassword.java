package io.moha.protocol.auth;

import java.util.Arrays;

/**
 * The password as clients send it in full authentication: its bytes with a NUL behind them. Also
 * the whole of the plugin {@code mysql_clear_password}.
 */
public final class ClearPassword {

    /** The name of the plugin that sends nothing else. */
    public static final String NAME = "mysql_clear_password";

    private ClearPassword() {}

    /** {@code password} with a NUL behind it, in a new array. */
    public static byte[] terminated(byte[] password) {
        return Arrays.copyOf(password, password.length + 1);
    }

    /** What stands before the first NUL of {@code sent}, or all of it, in a new array. */
    public static byte[] unterminated(byte[] sent) {
        int length = 0;
        while (length < sent.length && sent[length] != 0) {
            length++;
        }
        return Arrays.copyOf(sent, length);
    }
}
