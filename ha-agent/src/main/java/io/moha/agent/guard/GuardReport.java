package io.moha.agent.guard;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the guard wrote about itself and mysqld, as one line of a status file.
 *
 * @param number counts the reports; the highest is the newest
 * @param boot id of the boot in which it was written
 * @param answered the last order that the guard has carried out
 * @param mysqld the process, {@link GuardedProcess#NONE} when there is none
 * @param status the rest
 */
record GuardReport(
        long number, String boot, long answered, GuardedProcess mysqld, GuardStatus status) {

    // The number stands at both ends: a line that was read while it was written does not match.
    private static final Pattern LINE =
            Pattern.compile(
                    "n=(\\d+) v=1 boot=(\\S+) guard=\\d+ answered=(\\d+) state=([A-Z]+) pid=(\\d+)"
                            + " started=(\\d+) incarnation=(\\d+) deadline=(\\d+) epoch=(\\d+)"
                            + " fenced=(\\d+) now=\\d+ exit=(.*?) *n=\\1 +end\\s*");

    /** Before the guard said anything. */
    static final GuardReport NOTHING =
            new GuardReport(
                    0,
                    "",
                    0,
                    GuardedProcess.NONE,
                    new GuardStatus(GuardStatus.State.UNREACHABLE, 0, 0, 0, 0, 0, ""));

    /** Reads a status file's text; empty when it is torn, or no report at all. */
    static Optional<GuardReport> parse(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            return Optional.empty();
        }
        long pid = Long.parseLong(line.group(5));
        GuardStatus status =
                new GuardStatus(
                        GuardStatus.State.valueOf(line.group(4)),
                        pid,
                        Long.parseLong(line.group(7)),
                        Long.parseLong(line.group(8)),
                        Long.parseLong(line.group(9)),
                        Long.parseLong(line.group(10)),
                        line.group(11).trim());
        return Optional.of(
                new GuardReport(
                        Long.parseLong(line.group(1)),
                        line.group(2),
                        Long.parseLong(line.group(3)),
                        new GuardedProcess(pid, Long.parseLong(line.group(6))),
                        status));
    }
}
