package io.moha.proxy.admin;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a statement into {@link Token}s, leaving comments out, and walks over them. */
final class Tokens {

    private final String sql;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Tokens(String sql) {
        this.sql = sql;
    }

    static Tokens of(String sql) throws AdminSyntaxException {
        Tokens cut = new Tokens(sql);
        int position = 0;
        while (position < sql.length()) {
            position = cut.cut(position);
        }
        cut.tokens.add(new Token(Token.Kind.END, "", sql.length(), sql.length()));
        return cut;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    /** Steps over the keyword {@code word} if it comes next. */
    boolean take(String word) {
        if (peek().is(word)) {
            at++;
            return true;
        }
        return false;
    }

    /** Steps over {@code symbol} if it comes next. */
    boolean takeSymbol(char symbol) {
        if (peek().isSymbol(symbol)) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether only semicolons are left. */
    boolean atEnd() {
        while (takeSymbol(';')) {
            // Clients may or may not send the semicolon along.
        }
        return peek().kind() == Token.Kind.END;
    }

    /** Refuses anything that is left. */
    void requireEnd() throws AdminSyntaxException {
        if (!atEnd()) {
            throw unexpected();
        }
    }

    AdminSyntaxException unexpected() {
        return AdminSyntaxException.near(sql.substring(peek().start()));
    }

    /** The statement's own text from {@code first} up to what comes next. */
    String textFrom(Token first) {
        Token last = tokens.get(at - 1);
        return sql.substring(first.start(), last.end());
    }

    private int cut(int start) throws AdminSyntaxException {
        char c = sql.charAt(start);
        if (Character.isWhitespace(c)) {
            return start + 1;
        }
        Integer afterComment = skipComment(start);
        if (afterComment != null) {
            return afterComment;
        }
        if (c == '\'' || c == '"' || c == '`') {
            return quoted(start, c);
        }
        if (sql.startsWith("@@", start)) {
            int end = wordEnd(start + 2);
            add(Token.Kind.VARIABLE, sql.substring(start + 2, end), start, end);
            return end;
        }
        int end = wordEnd(start);
        if (end > start) {
            add(Token.Kind.WORD, sql.substring(start, end), start, end);
            return end;
        }
        add(Token.Kind.SYMBOL, String.valueOf(c), start, start + 1);
        return start + 1;
    }

    private @Nullable Integer skipComment(int start) {
        if (sql.startsWith("/*", start)) {
            int end = sql.indexOf("*/", start + 2);
            return end < 0 ? sql.length() : end + 2;
        }
        if (sql.startsWith("-- ", start) || sql.charAt(start) == '#') {
            int end = sql.indexOf('\n', start);
            return end < 0 ? sql.length() : end + 1;
        }
        return null;
    }

    private int quoted(int start, char quote) throws AdminSyntaxException {
        StringBuilder text = new StringBuilder();
        for (int i = start + 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == quote && i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
                text.append(quote);
                i++;
            } else if (c == quote) {
                Token.Kind kind = quote == '`' ? Token.Kind.NAME : Token.Kind.STRING;
                add(kind, text.toString(), start, i + 1);
                return i + 1;
            } else if (c == '\\' && quote != '`' && i + 1 < sql.length()) {
                i++;
                // In a pattern an escaped wildcard stays escaped.
                char escaped = sql.charAt(i);
                text.append(escaped == '%' || escaped == '_' ? "\\" + escaped : escaped);
            } else {
                text.append(c);
            }
        }
        throw AdminSyntaxException.near(sql.substring(start));
    }

    private int wordEnd(int start) {
        int end = start;
        while (end < sql.length() && isWordPart(sql.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '.' || c == '-';
    }

    private void add(Token.Kind kind, String text, int start, int end) {
        tokens.add(new Token(kind, text, start, end));
    }
}
