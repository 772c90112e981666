package io.moha.protocol.base;

import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong with a configuration, so that an operator sees all of it at
 * once. Not thread-safe.
 */
public final class Problems {

    private final List<String> found = new ArrayList<>();

    /** Notes one problem; {@code problem} is a whole sentence that names the key. */
    public void add(String problem) {
        found.add(problem);
    }

    /** Notes {@code problem} unless {@code holds}. */
    public void require(boolean holds, String problem) {
        if (!holds) {
            add(problem);
        }
    }

    /** The problems so far, in the order found. */
    public List<String> all() {
        return List.copyOf(found);
    }

    /** Whether nothing is wrong so far. */
    public boolean none() {
        return found.isEmpty();
    }
}
