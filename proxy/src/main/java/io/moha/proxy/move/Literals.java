package io.moha.proxy.move;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** Values as SQL that means the same whatever the session's settings are. */
final class Literals {

    private Literals() {}

    /** {@code value} as a string. */
    static String text(String value) {
        // What a backslash or a byte means depends on settings; hexadecimal digits do not.
        boolean plain = value.chars().allMatch(c -> c >= ' ' && c < 127 && c != '\\' && c != '\'');
        return plain
                ? "'" + value + "'"
                : "_utf8mb4 X'" + HexFormat.of().formatHex(value.getBytes(UTF_8)) + "'";
    }
}
