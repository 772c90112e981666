package io.moha.agent.sim;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A set of transactions, by the node that wrote them first; knows its text as MySQL prints it. */
final class Gtids {

    private final BitSet[] numbers;
    private @Nullable String text;

    /** An empty set of transactions of {@code origins} servers. */
    Gtids(int origins) {
        numbers = new BitSet[origins];
        for (int i = 0; i < origins; i++) {
            numbers[i] = new BitSet();
        }
    }

    /** The uuid of server {@code index}, counted from 0. */
    static String uuid(int index) {
        return "%1$s%1$s%1$s%1$s-%1$s%1$s-%1$s%1$s-%1$s%1$s-%1$s%1$s%1$s%1$s%1$s%1$s"
                .formatted("%02d".formatted(index + 1));
    }

    void add(Trx trx) {
        numbers[trx.origin()].set(trx.number());
        text = null;
    }

    boolean has(Trx trx) {
        return numbers[trx.origin()].get(trx.number());
    }

    /** The largest number of {@code origin}; 0 when there is none. */
    int last(int origin) {
        return Math.max(0, numbers[origin].length() - 1);
    }

    void remove(Trx trx) {
        numbers[trx.origin()].clear(trx.number());
        text = null;
    }

    void addAll(Gtids others) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i].or(others.numbers[i]);
        }
        text = null;
    }

    void removeAll(Gtids others) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i].andNot(others.numbers[i]);
        }
        text = null;
    }

    void retainAll(Gtids others) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i].and(others.numbers[i]);
        }
        text = null;
    }

    void clear() {
        for (BitSet of : numbers) {
            of.clear();
        }
        text = null;
    }

    boolean isEmpty() {
        for (BitSet of : numbers) {
            if (!of.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    boolean containsAll(Gtids others) {
        for (int i = 0; i < numbers.length; i++) {
            BitSet theirs = others.numbers[i];
            for (int n = theirs.nextSetBit(0); n >= 0; n = theirs.nextSetBit(n + 1)) {
                int end = theirs.nextClearBit(n);
                if (numbers[i].nextClearBit(n) < end) {
                    return false;
                }
                n = end;
            }
        }
        return true;
    }

    Gtids copy() {
        Gtids copy = new Gtids(numbers.length);
        copy.addAll(this);
        return copy;
    }

    Gtids union(Gtids others) {
        Gtids union = copy();
        union.addAll(others);
        return union;
    }

    Gtids minus(Gtids others) {
        Gtids rest = copy();
        rest.removeAll(others);
        return rest;
    }

    /** The set that {@code text}, printed by {@link #toString}, means. */
    static Gtids parse(int origins, String text) {
        Gtids set = new Gtids(origins);
        for (String group : text.split(",", -1)) {
            if (group.isEmpty()) {
                continue;
            }
            String[] parts = group.split(":", -1);
            int origin = Integer.parseInt(parts[0].substring(0, 2)) - 1;
            for (int i = 1; i < parts.length; i++) {
                int dash = parts[i].indexOf('-');
                int from = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash));
                int to = dash < 0 ? from : Integer.parseInt(parts[i].substring(dash + 1));
                set.numbers[origin].set(from, to + 1);
            }
        }
        return set;
    }

    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = print();
            text = known;
        }
        return known;
    }

    private String print() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < numbers.length; i++) {
            if (numbers[i].isEmpty()) {
                continue;
            }
            out.append(out.isEmpty() ? "" : ",").append(uuid(i));
            BitSet of = numbers[i];
            for (int n = of.nextSetBit(0); n >= 0; n = of.nextSetBit(n)) {
                int end = of.nextClearBit(n);
                out.append(':').append(n);
                if (end - 1 > n) {
                    out.append('-').append(end - 1);
                }
                n = end;
            }
        }
        return out.toString();
    }
}
