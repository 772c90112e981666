package io.moha.protocol.config;

import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces {@code ${NAME}} in values. */
final class Environment {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Environment() {}

    /** Whether {@code text} refers to the environment. */
    static boolean isUsedIn(String text) {
        return REFERENCE.matcher(text).find();
    }

    /**
     * {@code text} with every reference replaced.
     *
     * @throws IllegalArgumentException when a variable is not set
     */
    static String replace(String text, Function<String, @Nullable String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(
                        found -> {
                            String value = environment.apply(found.group(1));
                            if (value == null) {
                                throw new IllegalArgumentException(
                                        "environment variable " + found.group(1) + " is not set");
                            }
                            return Matcher.quoteReplacement(value);
                        });
    }
}
