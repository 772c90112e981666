package io.moha.protocol.config;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts problems into the order of the file. */
final class ByLine {

    private static final Pattern LINE = Pattern.compile("line (\\d+):.*", Pattern.DOTALL);

    private ByLine() {}

    /** The same problems by line; those of one line stay in the order found. */
    static List<String> sorted(List<String> problems) {
        return problems.stream().sorted(Comparator.comparingInt(ByLine::line)).toList();
    }

    private static int line(String problem) {
        Matcher matcher = LINE.matcher(problem);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
