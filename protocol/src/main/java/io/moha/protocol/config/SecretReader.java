package io.moha.protocol.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads secrets: from a file, from the environment, or with a warning from the configuration. */
final class SecretReader {

    private SecretReader() {}

    /** The secret under {@code key} or in the file named by {@code <key>File}; null for neither. */
    static @Nullable Secret read(Section section, ConfigFile file, String key) {
        String fileKey = key + "File";
        boolean inFile = section.has(fileKey);
        boolean plain = section.has(key);
        if (inFile && plain) {
            section.problem(key, "give either this or " + fileKey + ", not both");
        }
        if (inFile) {
            return fromFile(section, fileKey);
        }
        if (!plain) {
            return null;
        }
        if (!Environment.isUsedIn(section.rawText(key))) {
            file.warning(
                    section.lineOf(key),
                    section.name(key)
                            + " stands in the file in plain text; better name a file in "
                            + fileKey
                            + " or write ${NAME}");
        }
        return Secret.of(section.string(key));
    }

    private static @Nullable Secret fromFile(Section section, String fileKey) {
        Path path = section.path(fileKey);
        try {
            return Secret.of(Files.readString(path).stripTrailing());
        } catch (IOException e) {
            section.problem(fileKey, "cannot read " + path + ": " + e.getClass().getSimpleName());
            return Secret.of("");
        }
    }
}
