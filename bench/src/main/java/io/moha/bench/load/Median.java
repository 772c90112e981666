package io.moha.bench.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** Medians: what is left of a measurement when its outliers are not believed. */
public final class Median {

    private Median() {}

    /** The median of {@code values}; NaN when there is none. */
    public static double of(double... values) {
        if (values.length == 0) {
            return Double.NaN;
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The median of {@code property} over {@code items}; NaN when there is none. */
    public static <T> double of(Collection<T> items, ToDoubleFunction<T> property) {
        return of(items.stream().mapToDouble(property).toArray());
    }
}
