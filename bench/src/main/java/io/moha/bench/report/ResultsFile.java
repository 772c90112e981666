package io.moha.bench.report;

import io.moha.bench.proc.BenchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A markdown file of named sections, each replaced as a whole by the measurement it belongs to. A
 * section stands between two HTML comments that carry its name.
 *
 * @param file the file; made when it is missing
 */
public record ResultsFile(Path file) {

    private static final String HEADING =
            """
            # Results

            Each section was written by the command it names, as a whole, and holds only what that command
            measured. How to run them: [README.md](README.md).
            """;

    /** Writes {@code markdown} as section {@code name}, in the place of an older one if any. */
    public void write(String name, String markdown) {
        String begin = "<!-- begin " + name + " -->";
        String end = "<!-- end " + name + " -->";
        String section = begin + "\n" + markdown.strip() + "\n" + end;
        try {
            String before = Files.exists(file) ? Files.readString(file) : HEADING;
            Pattern old =
                    Pattern.compile(
                            Pattern.quote(begin) + ".*?" + Pattern.quote(end), Pattern.DOTALL);
            Matcher matcher = old.matcher(before);
            String after =
                    matcher.find()
                            ? matcher.replaceFirst(Matcher.quoteReplacement(section))
                            : before.stripTrailing() + "\n\n" + section + "\n";
            Files.writeString(file, after);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file, e);
        }
    }
}
