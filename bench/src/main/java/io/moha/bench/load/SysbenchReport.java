package io.moha.bench.load;

import io.moha.bench.proc.BenchException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one sysbench run printed.
 *
 * @param queries how many queries were answered
 * @param events how many events (transactions, results or cycles) ended
 * @param seconds how long the run lasted
 * @param ignoredErrors errors that sysbench counted and retried
 * @param histogram events by latency, in the order of latency
 */
public record SysbenchReport(
        long queries, long events, double seconds, long ignoredErrors, List<Bucket> histogram) {

    private static final Pattern QUERIES = Pattern.compile("(?m)^\\s+queries:\\s+(\\d+)");
    private static final Pattern EVENTS =
            Pattern.compile("(?m)^\\s+total number of events:\\s+(\\d+)");
    private static final Pattern SECONDS = Pattern.compile("(?m)^\\s+total time:\\s+([\\d.]+)s");
    private static final Pattern ERRORS = Pattern.compile("(?m)^\\s+ignored errors:\\s+(\\d+)");
    private static final Pattern BUCKET =
            Pattern.compile("(?m)^\\s*([\\d.]+) \\|\\**\\s+(\\d+)\\s*$");

    /**
     * Some events of about the same latency.
     *
     * @param millis their latency
     * @param count how many
     */
    public record Bucket(double millis, long count) {}

    /** Copies the histogram. */
    public SysbenchReport {
        histogram = List.copyOf(histogram);
    }

    /**
     * Reads the output of {@code sysbench --histogram=on run}, version 1.0.
     *
     * @throws BenchException when a number is missing
     */
    static SysbenchReport parse(String output) {
        List<Bucket> histogram = new ArrayList<>();
        Matcher bucket = BUCKET.matcher(output);
        while (bucket.find()) {
            histogram.add(
                    new Bucket(
                            Double.parseDouble(bucket.group(1)), Long.parseLong(bucket.group(2))));
        }
        return new SysbenchReport(
                Long.parseLong(first(QUERIES, output)),
                Long.parseLong(first(EVENTS, output)),
                Double.parseDouble(first(SECONDS, output)),
                Long.parseLong(first(ERRORS, output)),
                histogram);
    }

    /** Events a second. */
    public double eventsPerSecond() {
        return events / seconds;
    }

    /** The latency in milliseconds that {@code share} (0 to 1) of all events do not exceed. */
    double percentile(double share) {
        long all = histogram.stream().mapToLong(Bucket::count).sum();
        long seen = 0;
        for (Bucket bucket : histogram) {
            seen += bucket.count();
            if (seen >= share * all) {
                return bucket.millis();
            }
        }
        return Double.NaN;
    }

    private static String first(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new BenchException("sysbench printed no " + pattern + ":\n" + output);
        }
        return matcher.group(1);
    }
}
