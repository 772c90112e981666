package io.moha.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What sysbench printed while it ran in the background.
 *
 * @param seconds how many seconds it reported on; those in which it did not run are missing
 * @param silentSeconds of those, the ones in which no transaction ended
 * @param transactions how many ended
 * @param reconnects how often it connected again
 * @param errors errors it ignored, by kind
 * @param restarts how often it ended by itself and was started again
 */
public record SysbenchLoadReport(
        int seconds,
        int silentSeconds,
        long transactions,
        long reconnects,
        Map<String, Integer> errors,
        int restarts) {

    private static final Pattern SECOND =
            Pattern.compile("(?m)^\\[ \\d+s \\].* tps: ([\\d.]+) .* reconn/s: ([\\d.]+)");
    private static final Pattern ERROR =
            Pattern.compile("(?m)^ignored error (\\d+ \\([0-9A-Z]*\\))$");

    /** Copies the errors. */
    public SysbenchLoadReport {
        errors = Map.copyOf(errors);
    }

    /**
     * Reads the output of {@code sysbench --report-interval=1 run}, version 1.0, of one or several
     * such runs after each other.
     */
    static SysbenchLoadReport parse(String output, int restarts) {
        int seconds = 0;
        int silent = 0;
        long transactions = 0;
        long reconnects = 0;
        Matcher second = SECOND.matcher(output);
        while (second.find()) {
            long ended = Math.round(Double.parseDouble(second.group(1)));
            seconds++;
            silent += ended == 0 ? 1 : 0;
            transactions += ended;
            reconnects += Math.round(Double.parseDouble(second.group(2)));
        }
        Map<String, Integer> errors = new TreeMap<>();
        Matcher error = ERROR.matcher(output);
        while (error.find()) {
            errors.merge(error.group(1), 1, Integer::sum);
        }
        return new SysbenchLoadReport(seconds, silent, transactions, reconnects, errors, restarts);
    }

    /** One paragraph of markdown. */
    public String markdown() {
        return "\nsysbench: %d transactions in the %d s in which it ran, %d of them without any; %d reconnects; errors by kind: %s; it ended by itself %d times.\n"
                .formatted(
                        transactions,
                        seconds,
                        silentSeconds,
                        reconnects,
                        errors.isEmpty() ? "none" : new TreeMap<>(errors).toString(),
                        restarts);
    }
}
