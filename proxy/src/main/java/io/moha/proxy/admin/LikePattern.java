package io.moha.proxy.admin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** SQL's LIKE, case-insensitive: {@code %} for anything, {@code _} for one character. */
final class LikePattern {

    private final Pattern pattern;

    LikePattern(String like) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < like.length(); i++) {
            char c = like.charAt(i);
            if (c == '\\' && i + 1 < like.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(like.charAt(i))));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        pattern = Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    boolean matches(@Nullable String text) {
        return text != null && pattern.matcher(text).matches();
    }
}
