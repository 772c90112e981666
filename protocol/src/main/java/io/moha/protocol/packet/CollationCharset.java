package io.moha.protocol.packet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;

/**
 * The character set behind a collation id, as far as names and messages of the connection phase
 * need it: client and server write user and schema names in it.
 */
public final class CollationCharset {

    /** The collations of the character sets that drivers or their users still choose. */
    private static final Map<String, int[]> COLLATIONS =
            Map.ofEntries(
                    Map.entry("windows-1252", new int[] {5, 8, 15, 31, 47, 48, 49, 94}),
                    Map.entry("ISO-8859-2", new int[] {2, 9, 21, 27, 77}),
                    Map.entry("ISO-8859-7", new int[] {25, 70}),
                    Map.entry("ISO-8859-8", new int[] {16, 71}),
                    Map.entry("ISO-8859-9", new int[] {30, 78}),
                    Map.entry("ISO-8859-13", new int[] {20, 41, 42, 79}),
                    Map.entry("windows-1250", new int[] {26, 34, 44, 66, 99}),
                    Map.entry("windows-1251", new int[] {14, 23, 50, 51, 52}),
                    Map.entry("windows-1256", new int[] {57, 67}),
                    Map.entry("windows-1257", new int[] {29, 58, 59}),
                    Map.entry("KOI8-R", new int[] {7, 74}),
                    Map.entry("KOI8-U", new int[] {22, 75}),
                    Map.entry("TIS-620", new int[] {18, 89}),
                    Map.entry("GBK", new int[] {28, 87}),
                    Map.entry("GB2312", new int[] {24, 86}),
                    Map.entry("GB18030", new int[] {248, 249, 250}),
                    Map.entry("Big5", new int[] {1, 84}),
                    Map.entry("EUC-KR", new int[] {19, 85}),
                    Map.entry("EUC-JP", new int[] {12, 91, 97, 98}),
                    Map.entry("Shift_JIS", new int[] {13, 88}),
                    Map.entry("windows-31j", new int[] {95, 96}));

    private static final Charset[] BY_COLLATION = byCollation();

    private CollationCharset() {}

    /**
     * The character set of {@code collation}.
     *
     * @param collation an id as in the handshake, 0 to 255
     * @return UTF-8 for its own collations, for unknown ids, and for sets this JVM lacks
     */
    public static Charset of(int collation) {
        return collation < BY_COLLATION.length ? BY_COLLATION[collation] : UTF_8;
    }

    private static Charset[] byCollation() {
        Charset[] charsets = new Charset[256];
        Arrays.fill(charsets, UTF_8);
        COLLATIONS.forEach(
                (name, ids) -> {
                    if (Charset.isSupported(name)) {
                        for (int id : ids) {
                            charsets[id] = Charset.forName(name);
                        }
                    }
                });
        return charsets;
    }
}
