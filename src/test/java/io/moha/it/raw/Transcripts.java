package io.moha.it.raw;

import java.util.List;

/** Compares what two servers answered. */
public final class Transcripts {

    private static final int BEFORE = 3;

    private Transcripts() {}

    /** Fails at the first line that differs, and shows it with what went before. */
    public static void assertSame(List<String> actual, List<String> expected) {
        int line = 0;
        while (line < Math.min(actual.size(), expected.size())
                && actual.get(line).equals(expected.get(line))) {
            line++;
        }
        if (line == actual.size() && line == expected.size()) {
            return;
        }
        throw new AssertionError(
                String.join("\n  ", expected.subList(Math.max(0, line - BEFORE), line))
                        + "\n  expected: "
                        + at(expected, line)
                        + "\n  but was:  "
                        + at(actual, line));
    }

    private static String at(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line) : "(nothing more)";
    }
}
