package io.moha.protocol.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations ({@code 250ms}) and sizes ({@code 256MB}). */
public final class Quantity {

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]*)");
    private static final Map<String, Duration> TIME_UNITS =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("", 1L, "B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30);

    private Quantity() {}

    /**
     * A duration with its unit: {@code ms, s, m, h, d}; only 0 may stand alone.
     *
     * @throws IllegalArgumentException when {@code text} is something else
     */
    public static Duration duration(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (parts.matches()) {
            long number = Long.parseLong(parts.group(1));
            Duration unit = TIME_UNITS.get(parts.group(2));
            if (unit != null) {
                return unit.multipliedBy(number);
            }
            if (number == 0 && parts.group(2).isEmpty()) {
                return Duration.ZERO;
            }
        }
        throw new IllegalArgumentException("expected a duration like 10s, got '" + text + "'");
    }

    /**
     * A number of bytes, alone or with {@code B, KB, MB, GB} in steps of 1024.
     *
     * @throws IllegalArgumentException when {@code text} is something else
     */
    public static long bytes(String text) {
        Matcher parts = FORM.matcher(text.strip());
        if (parts.matches()) {
            Long unit = SIZE_UNITS.get(parts.group(2).toUpperCase(Locale.ROOT));
            if (unit != null) {
                return Math.multiplyExact(Long.parseLong(parts.group(1)), unit);
            }
        }
        throw new IllegalArgumentException("expected a size like 256MB, got '" + text + "'");
    }

    /** The shortest form that {@link #duration} reads. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        return millis / 1000 + "s";
    }
}
