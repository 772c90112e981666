package io.moha.protocol.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.moha.protocol.base.Problems;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Turns YAML text into {@link YamlNode}s. A key given twice and an alias are problems. */
final class YamlTree {

    private final YAMLParser parser;
    private final Problems problems;

    private YamlTree(YAMLParser parser, Problems problems) {
        this.parser = parser;
        this.problems = problems;
    }

    /**
     * The mapping at the top of {@code text}; an empty one when the text is no YAML or something
     * else stands at its top, which is then among the {@code problems}.
     */
    static YamlNode.Mapping parse(String text, Problems problems) {
        try (YAMLParser parser = new YAMLFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return empty();
            }
            YamlNode top = new YamlTree(parser, problems).node(first);
            if (top instanceof YamlNode.Mapping mapping) {
                return mapping;
            }
            problems.add("line " + top.line() + ": expected keys with values at the top");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String line = at == null ? "" : "line " + at.getLineNr() + ": ";
            problems.add(line + "not valid YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return empty();
    }

    private static YamlNode.Mapping empty() {
        return new YamlNode.Mapping(1, new LinkedHashMap<>());
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }

    private int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private YamlNode node(JsonToken token) throws IOException {
        int line = line();
        return switch (token) {
            case START_OBJECT -> mapping(line);
            case START_ARRAY -> sequence(line);
            case VALUE_NULL -> new YamlNode.Nothing(line);
            case VALUE_STRING -> string(line);
            default -> new YamlNode.Scalar(line, parser.getText(), false);
        };
    }

    private YamlNode string(int line) throws IOException {
        if (parser.isCurrentAlias()) {
            problems.add(
                    "line " + line + ": aliases (*" + parser.getText() + ") are not supported");
            return new YamlNode.Nothing(line);
        }
        return new YamlNode.Scalar(line, parser.getText(), true);
    }

    private YamlNode sequence(int line) throws IOException {
        List<YamlNode> items = new ArrayList<>();
        for (JsonToken token = next(); token != JsonToken.END_ARRAY; token = next()) {
            items.add(node(token));
        }
        return new YamlNode.Sequence(line, items);
    }

    private YamlNode mapping(int line) throws IOException {
        LinkedHashMap<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        for (JsonToken token = next(); token != JsonToken.END_OBJECT; token = next()) {
            String key = parser.currentName();
            int keyLine = line();
            YamlNode value = node(next());
            if (entries.putIfAbsent(key, new YamlNode.Entry(keyLine, value)) != null) {
                problems.add("line " + keyLine + ": " + key + " is given twice");
            }
        }
        return new YamlNode.Mapping(line, entries);
    }

    private JsonToken next() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            throw new IOException("the document ended inside a value");
        }
        return token;
    }
}
