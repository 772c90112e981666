package io.moha.proxy.admin;

import io.moha.proxy.admin.AdminStatement.SelectItem;
import io.moha.proxy.admin.AdminStatement.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads admin SQL. */
final class AdminParser {

    private static final Map<String, Topic> TOPICS =
            Map.ofEntries(
                    Map.entry("CLUSTER", Topic.CLUSTER),
                    Map.entry("NODES", Topic.NODES),
                    Map.entry("PROXIES", Topic.PROXIES),
                    Map.entry("SESSIONS", Topic.SESSIONS),
                    Map.entry("PROCESSLIST", Topic.SESSIONS),
                    Map.entry("POOLS", Topic.POOLS),
                    Map.entry("HISTORY", Topic.HISTORY),
                    Map.entry("STATUS", Topic.STATUS),
                    Map.entry("VARIABLES", Topic.VARIABLES),
                    Map.entry("WARNINGS", Topic.WARNINGS),
                    Map.entry("ERRORS", Topic.WARNINGS),
                    Map.entry("DATABASES", Topic.DATABASES),
                    Map.entry("SCHEMAS", Topic.DATABASES),
                    Map.entry("TABLES", Topic.TABLES));
    private static final Set<String> SCOPES = Set.of("FULL", "GLOBAL", "SESSION");
    // Connection pools send these around everything; there is nothing here they could change.
    private static final Set<String> IGNORED =
            Set.of("USE", "BEGIN", "START", "COMMIT", "ROLLBACK");

    private final Tokens tokens;

    private AdminParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /** The one statement that {@code sql} holds. */
    static AdminStatement parse(String sql) throws AdminSyntaxException {
        AdminParser parser = new AdminParser(Tokens.of(sql));
        if (parser.tokens.atEnd()) {
            return new AdminStatement.Ignored();
        }
        Token first = parser.tokens.peek();
        if (first.is("SET")) {
            return parser.set();
        }
        if (IGNORED.stream().anyMatch(first::is)) {
            return new AdminStatement.Ignored();
        }
        AdminStatement statement = parser.statement();
        parser.tokens.requireEnd();
        return statement;
    }

    private AdminStatement statement() throws AdminSyntaxException {
        if (tokens.take("SHOW")) {
            return show();
        }
        if (tokens.take("SELECT")) {
            return select();
        }
        if (tokens.take("SWITCHOVER")) {
            return switchover();
        }
        if (tokens.take("HOLD")) {
            return writes(true);
        }
        if (tokens.take("RELEASE")) {
            return writes(false);
        }
        if (tokens.take("RELOAD")) {
            return new AdminStatement.Reload();
        }
        if (tokens.take("PAUSE")) {
            return new AdminStatement.Pause();
        }
        if (tokens.take("RESUME")) {
            return new AdminStatement.Resume();
        }
        if (tokens.take("DRAIN")) {
            return new AdminStatement.Drain();
        }
        if (tokens.take("KILL")) {
            return kill();
        }
        if (tokens.take("HELP")) {
            return new AdminStatement.Help();
        }
        throw tokens.unexpected();
    }

    private AdminStatement show() throws AdminSyntaxException {
        SCOPES.forEach(tokens::take);
        for (Map.Entry<String, Topic> topic : TOPICS.entrySet()) {
            if (tokens.take(topic.getKey())) {
                return new AdminStatement.Show(topic.getValue(), like());
            }
        }
        throw tokens.unexpected();
    }

    private @Nullable String like() throws AdminSyntaxException {
        if (!tokens.take("LIKE")) {
            return null;
        }
        if (tokens.peek().kind() != Token.Kind.STRING) {
            throw tokens.unexpected();
        }
        return tokens.next().text();
    }

    private AdminStatement switchover() throws AdminSyntaxException {
        String to = null;
        if (tokens.take("TO")) {
            Token name = tokens.peek();
            if (name.kind() == Token.Kind.END || name.kind() == Token.Kind.SYMBOL) {
                throw tokens.unexpected();
            }
            to = tokens.next().text();
        }
        if (tokens.take("DRY")) {
            requireWord("RUN");
            return new AdminStatement.Rehearse(to);
        }
        return new AdminStatement.Switchover(to);
    }

    private AdminStatement writes(boolean hold) throws AdminSyntaxException {
        requireWord("WRITES");
        return new AdminStatement.HoldWrites(hold);
    }

    private void requireWord(String word) throws AdminSyntaxException {
        if (!tokens.take(word)) {
            throw tokens.unexpected();
        }
    }

    /**
     * Variables of sessions, which clients set when they connect, are nothing here; the proxy's own
     * settings have a dot in their names.
     */
    private AdminStatement set() {
        tokens.next();
        SCOPES.forEach(tokens::take);
        Token name = tokens.peek();
        boolean own = name.kind() == Token.Kind.WORD && name.text().indexOf('.') > 0;
        return own ? new AdminStatement.SetSetting(name.text()) : new AdminStatement.Ignored();
    }

    private AdminStatement kill() throws AdminSyntaxException {
        tokens.take("CONNECTION");
        Token id = tokens.peek();
        if (id.kind() != Token.Kind.WORD || !id.text().matches("\\d{1,18}")) {
            throw tokens.unexpected();
        }
        tokens.next();
        return new AdminStatement.Kill(Long.parseLong(id.text()));
    }

    private AdminStatement select() throws AdminSyntaxException {
        List<SelectItem> items = new ArrayList<>();
        do {
            items.add(item());
        } while (tokens.takeSymbol(','));
        if (tokens.take("LIMIT")) {
            tokens.next();
        }
        return new AdminStatement.Select(List.copyOf(items));
    }

    private SelectItem item() throws AdminSyntaxException {
        Token value = tokens.next();
        boolean usable =
                switch (value.kind()) {
                    case VARIABLE, STRING -> true;
                    case WORD -> value.text().indexOf('$') < 0;
                    case NAME, SYMBOL, END -> false;
                };
        if (!usable) {
            throw AdminSyntaxException.near(value.text());
        }
        if (tokens.takeSymbol('(') && !tokens.takeSymbol(')')) {
            throw tokens.unexpected();
        }
        String name = tokens.textFrom(value);
        boolean named = tokens.take("AS");
        Token alias = tokens.peek();
        boolean isName =
                switch (alias.kind()) {
                    case NAME, STRING -> true;
                    case WORD -> named || !alias.is("LIMIT");
                    case VARIABLE, SYMBOL, END -> false;
                };
        if (isName) {
            name = tokens.next().text();
        } else if (named) {
            throw tokens.unexpected();
        }
        return new SelectItem(name, value);
    }
}
