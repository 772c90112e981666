package io.moha.proxy.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result set, all of it text.
 *
 * @param columns names
 * @param rows each as long as {@code columns}; null is SQL NULL
 */
record ResultTable(List<String> columns, List<List<@Nullable String>> rows) {

    /** A table with these columns and no rows yet. */
    static ResultTable of(String... columns) {
        return new ResultTable(List.of(columns), new ArrayList<>());
    }

    /** Adds a row; whatever is given is shown by its text. */
    ResultTable row(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(
                    values.length + " values for " + columns.size() + " columns");
        }
        List<@Nullable String> row = new ArrayList<>();
        for (Object value : values) {
            row.add(value == null ? null : value.toString());
        }
        rows.add(row);
        return this;
    }

    /** Only the rows whose first column matches the SQL pattern {@code like}; null for all. */
    ResultTable like(@Nullable String like) {
        if (like == null) {
            return this;
        }
        LikePattern pattern = new LikePattern(like);
        return new ResultTable(
                columns, rows.stream().filter(row -> pattern.matches(row.getFirst())).toList());
    }
}
