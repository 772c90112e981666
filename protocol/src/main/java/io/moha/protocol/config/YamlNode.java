package io.moha.protocol.config;

import java.util.LinkedHashMap;
import java.util.List;

/** A piece of a YAML document that still knows its line, counted from 1. */
sealed interface YamlNode {

    /** Where the value begins. */
    int line();

    /** A single value, as written; {@code quoted} when it can only be text. */
    record Scalar(int line, String text, boolean quoted) implements YamlNode {}

    /** Nothing written after the key: the same as leaving the key out. */
    record Nothing(int line) implements YamlNode {}

    /** A list. */
    record Sequence(int line, List<YamlNode> items) implements YamlNode {}

    /** Keys with values, in the order written. */
    record Mapping(int line, LinkedHashMap<String, Entry> entries) implements YamlNode {}

    /** One key of a mapping, with the key's own line. */
    record Entry(int line, YamlNode value) {}
}
