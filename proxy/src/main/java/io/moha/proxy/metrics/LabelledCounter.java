package io.moha.proxy.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** A counter split by one label, whose values come as they occur. Thread-safe. */
final class LabelledCounter {

    private final String name;
    private final String label;
    private final String description;
    private final ConcurrentHashMap<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

    LabelledCounter(String name, String label, String description) {
        this.name = name;
        this.label = label;
        this.description = description;
    }

    void count(String value) {
        LongAdder adder = counts.get(value);
        if (adder == null) {
            adder = counts.computeIfAbsent(value, this::register);
        }
        adder.increment();
    }

    long total() {
        return counts.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Counts by label value, in order. */
    Map<String, Long> byValue() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((value, adder) -> sums.put(value, adder.sum()));
        return sums;
    }

    void bindTo(MeterRegistry registry) {
        registries.add(registry);
        counts.forEach((value, adder) -> register(registry, value, adder));
    }

    private LongAdder register(String value) {
        LongAdder adder = new LongAdder();
        registries.forEach(registry -> register(registry, value, adder));
        return adder;
    }

    private void register(MeterRegistry registry, String value, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .tag(label, value)
                .description(description)
                .register(registry);
    }
}
