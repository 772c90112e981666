package io.moha.proxy.statement;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which system variables the statements in a text may set. */
public final class AssignedVariables {

    private static final List<String> OF_CHARACTER_SET =
            List.of(
                    "character_set_client",
                    "character_set_results",
                    "character_set_connection",
                    "collation_connection");

    private static final List<String> OF_TRANSACTION =
            List.of("transaction_isolation", "transaction_read_only");

    private AssignedVariables() {}

    /**
     * The names, lower case, of whatever stands left of an equals sign, variable or not, and of the
     * variables that statements with a syntax of their own set.
     *
     * @return empty when a part of the text is in a comment that servers execute
     */
    public static Optional<Set<String>> in(String sql) {
        StatementWords words = StatementWords.of(sql);
        if (words.hidden()) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < words.tokens().size(); i++) {
            String next = words.at(i + 1);
            boolean assigned =
                    next.equals("=") || (next.equals(":") && words.at(i + 2).equals("="));
            if (assigned) {
                String name = words.at(i);
                names.add(
                        (name.startsWith("`") ? name.substring(1) : name).toLowerCase(Locale.ROOT));
                continue;
            }
            switch (words.at(i)) {
                case "NAMES", "CHARSET", "CHARACTER" -> names.addAll(OF_CHARACTER_SET);
                case "TRANSACTION" -> names.addAll(OF_TRANSACTION);
                default -> {}
            }
        }
        return Optional.of(names);
    }
}
