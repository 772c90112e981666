package io.moha.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * A counter split by one label, whose values come as they occur or are read where they are counted.
 * Thread-safe.
 */
final class LabelledCounter {

    private final String name;
    private final String label;
    private final String description;
    private final ConcurrentHashMap<String, LongAdder> counted = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, LongSupplier> sources = new ConcurrentHashMap<>();
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    LabelledCounter(String name, String label, String description) {
        this.name = name;
        this.label = label;
        this.description = description;
    }

    /** Counts one of {@code value}. */
    void count(String value) {
        LongAdder adder = counted.get(value);
        if (adder == null) {
            adder = counted.computeIfAbsent(value, this::newAdder);
        }
        adder.increment();
    }

    /** The count of {@code value} is what {@code source} says. */
    void read(String value, LongSupplier source) {
        sources.put(value, source);
        registries.forEach(registry -> register(registry, value, source));
    }

    long total() {
        return sources.values().stream().mapToLong(LongSupplier::getAsLong).sum();
    }

    /** Counts by label value, in order; what never happened is left out. */
    Map<String, Long> byValue() {
        Map<String, Long> counts = new TreeMap<>();
        sources.forEach(
                (value, source) -> {
                    long count = source.getAsLong();
                    if (count > 0) {
                        counts.put(value, count);
                    }
                });
        return counts;
    }

    void bindTo(MeterRegistry registry) {
        registries.add(registry);
        sources.forEach((value, source) -> register(registry, value, source));
    }

    private LongAdder newAdder(String value) {
        LongAdder adder = new LongAdder();
        read(value, adder::sum);
        return adder;
    }

    private void register(MeterRegistry registry, String value, LongSupplier source) {
        FunctionCounter.builder(name, source, LongSupplier::getAsLong)
                .tag(label, value)
                .description(description)
                .register(registry);
    }
}
