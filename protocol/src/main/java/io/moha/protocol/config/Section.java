package io.moha.protocol.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one section of a {@link ConfigFile}. Each method asks for one key: without a default
 * the key is required, an {@code optional…} one may be null. What is wrong is noted with its line
 * and a stand-in is returned. In every value {@code ${NAME}} is replaced from the environment. Not
 * thread-safe.
 */
public final class Section {

    private final ConfigFile file;
    private final String path;
    private final YamlNode.Mapping mapping;
    private final Set<String> asked = new LinkedHashSet<>();

    Section(ConfigFile file, String path, YamlNode.Mapping mapping) {
        this.file = file;
        this.path = path;
        this.mapping = mapping;
    }

    /** Whether a value is given for {@code key}. */
    public boolean has(String key) {
        asked.add(key);
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry != null && !(entry.value() instanceof YamlNode.Nothing);
    }

    /** Notes that the value of {@code key} is wrong; {@code text} says how. */
    public void problem(String key, String text) {
        file.problem(lineOf(key), name(key) + ": " + text);
    }

    /** Notes {@code text} about a key's value, with its line, without stopping the start. */
    public void warning(String key, String text) {
        file.warning(lineOf(key), name(key) + ": " + text);
    }

    /** Notes {@code text} about {@code key} unless {@code holds}. */
    public void require(boolean holds, String key, String text) {
        if (!holds) {
            problem(key, text);
        }
    }

    /** Text, required. */
    public String string(String key) {
        return read(key, "", true, text -> text);
    }

    /** Text. */
    public String string(String key, String whenMissing) {
        return read(key, whenMissing, false, text -> text);
    }

    /** Text, or null when not given. */
    public @Nullable String optionalString(String key) {
        return has(key) ? string(key, "") : null;
    }

    /** A whole number from {@code min} to {@code max}. */
    public int integer(String key, int whenMissing, int min, int max) {
        return read(key, whenMissing, false, text -> whole(text, min, max));
    }

    /** {@code true} or {@code false}. */
    public boolean bool(String key, boolean whenMissing) {
        return read(key, whenMissing, false, Section::truth);
    }

    /** A duration such as {@code 5s}, {@code 250ms}, {@code 1m}, or 0. */
    public Duration duration(String key, Duration whenMissing) {
        return read(key, whenMissing, false, Quantity::duration);
    }

    /** A duration from {@code min} to {@code max}. */
    public Duration duration(String key, Duration whenMissing, Duration min, Duration max) {
        return read(
                key,
                whenMissing,
                false,
                text -> {
                    Duration value = Quantity.duration(text);
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new IllegalArgumentException(
                                "expected a duration from "
                                        + Quantity.text(min)
                                        + " to "
                                        + Quantity.text(max)
                                        + ", got "
                                        + text);
                    }
                    return value;
                });
    }

    /** A number of bytes such as {@code 256MB}. */
    public long size(String key, long whenMissing) {
        return read(key, whenMissing, false, Quantity::bytes);
    }

    /** {@code host:port}, required. */
    public HostPort hostPort(String key) {
        return read(key, new HostPort("missing", 0), true, HostPort::parse);
    }

    /** {@code host:port}. */
    public HostPort hostPort(String key, HostPort whenMissing) {
        return read(key, whenMissing, false, HostPort::parse);
    }

    /** {@code host:port}, or null when not given. */
    public @Nullable HostPort optionalHostPort(String key) {
        return has(key) ? hostPort(key) : null;
    }

    /** A path, required; a relative one starts at the configuration file's directory. */
    public Path path(String key) {
        return read(key, Path.of(""), true, file::resolve);
    }

    /** A path, or null when not given. */
    public @Nullable Path optionalPath(String key) {
        return has(key) ? path(key) : null;
    }

    /** One of the constants of {@code type}, written in lower case with dashes for underscores. */
    public <E extends Enum<E>> E choice(String key, Class<E> type, E whenMissing) {
        return read(key, whenMissing, false, text -> constant(text, type));
    }

    /** A list of texts; a single text counts as a list of one. Empty when not given. */
    public List<String> strings(String key) {
        return list(key, text -> text);
    }

    /** A list of values, each read by {@code reader}, which refuses with an exception's message. */
    public <T> List<T> list(String key, Function<String, T> reader) {
        if (!has(key)) {
            return List.of();
        }
        YamlNode value = value(key);
        List<YamlNode> items =
                value instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(value);
        List<T> read = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            T item = convert(key + "[" + i + "]", items.get(i), reader);
            if (item != null) {
                read.add(item);
            }
        }
        return read;
    }

    /** The section under {@code key}; an empty one when not given. */
    public Section section(String key) {
        if (has(key)) {
            if (value(key) instanceof YamlNode.Mapping found) {
                return file.open(name(key), found);
            }
            problem(key, "expected keys with values");
        }
        return file.open(name(key), new YamlNode.Mapping(lineOf(key), new LinkedHashMap<>()));
    }

    /** The section under {@code key}, or null when not given. */
    public @Nullable Section optionalSection(String key) {
        return has(key) ? section(key) : null;
    }

    /** A list of sections; empty when not given. */
    public List<Section> sections(String key) {
        if (!has(key)) {
            return List.of();
        }
        List<Section> sections = new ArrayList<>();
        if (value(key) instanceof YamlNode.Sequence sequence) {
            for (YamlNode item : sequence.items()) {
                String itemName = name(key) + "[" + sections.size() + "]";
                if (item instanceof YamlNode.Mapping found) {
                    sections.add(file.open(itemName, found));
                } else {
                    file.problem(item.line(), itemName + ": expected keys with values");
                }
            }
        } else {
            problem(key, "expected a list");
        }
        return sections;
    }

    /** A secret, required: in the file that {@code <key>File} names, or under {@code key}. */
    public Secret secret(String key) {
        Secret secret = optionalSecret(key);
        if (secret == null) {
            missing(key + "File");
            return Secret.of("");
        }
        return secret;
    }

    /** A secret as {@link #secret} reads it, or null when neither key is given. */
    public @Nullable Secret optionalSecret(String key) {
        return SecretReader.read(this, file, key);
    }

    String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    int lineOf(String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null ? mapping.line() : entry.line();
    }

    /** The text under {@code key} before {@code ${NAME}} is replaced; empty when it is no text. */
    String rawText(String key) {
        return value(key) instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    void noteUnknownKeys() {
        Set<String> known =
                asked.stream().filter(key -> !mapping.entries().containsKey(key)).collect(toSet());
        mapping.entries()
                .forEach(
                        (key, entry) -> {
                            if (!asked.contains(key)) {
                                file.problem(
                                        entry.line(),
                                        "unknown key " + name(key) + Suggestion.forKey(key, known));
                            }
                        });
    }

    private static java.util.stream.Collector<String, ?, Set<String>> toSet() {
        return Collectors.toCollection(LinkedHashSet::new);
    }

    private void missing(String key) {
        file.problem(mapping.line(), name(key) + " is required");
    }

    private YamlNode value(String key) {
        YamlNode.Entry entry = mapping.entries().get(key);
        return entry == null ? new YamlNode.Nothing(mapping.line()) : entry.value();
    }

    private <T> T read(String key, T standIn, boolean required, Function<String, T> reader) {
        if (!has(key)) {
            if (required) {
                missing(key);
            }
            return standIn;
        }
        T value = convert(key, value(key), reader);
        return value == null ? standIn : value;
    }

    private <T> @Nullable T convert(String key, YamlNode node, Function<String, T> reader) {
        if (!(node instanceof YamlNode.Scalar scalar)) {
            file.problem(node.line(), name(key) + ": expected a single value");
            return null;
        }
        try {
            return reader.apply(Environment.replace(scalar.text(), file::environment));
        } catch (IllegalArgumentException | ArithmeticException e) {
            file.problem(scalar.line(), name(key) + ": " + e.getMessage());
            return null;
        }
    }

    private static int whole(String text, int min, int max) {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Falls through: the message is the same for a word and for a number out of range.
        }
        throw new IllegalArgumentException(
                "expected a whole number from " + min + " to " + max + ", got '" + text + "'");
    }

    private static boolean truth(String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "expected true or false, got '" + text + "'");
        };
    }

    private static <E extends Enum<E>> E constant(String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (written(constant).equals(text.strip())) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "expected one of "
                        + Stream.of(type.getEnumConstants())
                                .map(Section::written)
                                .collect(Collectors.joining(", "))
                        + ", got '"
                        + text
                        + "'");
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
