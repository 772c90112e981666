package io.moha.protocol.config;

import io.moha.protocol.base.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file being read. Ask {@link #root} for typed values, then call {@link #finish},
 * which refuses the file with everything that was wrong with it. Not thread-safe.
 *
 * <p>A value that is wrong or missing is noted and a stand-in is returned, so that reading goes on
 * and finds the rest; nothing read may be used before {@code finish} returned.
 */
public final class ConfigFile {

    private final String source;
    private final Path directory;
    private final Function<String, @Nullable String> environment;
    private final Problems problems = new Problems();
    private final List<String> warnings = new ArrayList<>();
    private final List<Section> sections = new ArrayList<>();
    private final Section root;

    private ConfigFile(
            String source,
            Path directory,
            String text,
            Function<String, @Nullable String> environment) {
        this.source = source;
        this.directory = directory;
        this.environment = environment;
        this.root = open("", YamlTree.parse(text, problems));
    }

    /**
     * Opens the file at {@code path} with the process's environment for {@code ${NAME}}.
     *
     * @throws InvalidConfigException when the file cannot be read
     */
    public static ConfigFile open(Path path) throws InvalidConfigException {
        try {
            Path directory = path.toAbsolutePath().getParent();
            return new ConfigFile(
                    path.toString(),
                    directory == null ? Path.of("/") : directory,
                    Files.readString(path),
                    System::getenv);
        } catch (IOException e) {
            throw new InvalidConfigException(path.toString(), List.of("cannot be read: " + e));
        }
    }

    /**
     * Reads {@code text} as a file would be; {@code environment} holds what {@code ${NAME}} may
     * name and relative paths start at {@code directory}.
     */
    public static ConfigFile of(String text, Path directory, Map<String, String> environment) {
        return new ConfigFile("configuration", directory, text, environment::get);
    }

    /** The keys at the top of the file. */
    public Section root() {
        return root;
    }

    /** What is accepted but should not stay so, such as a password in the file itself. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Ends the reading: keys that nobody asked for are noted as unknown.
     *
     * @throws InvalidConfigException when anything was wrong; it names all of it, by line
     */
    public void finish() throws InvalidConfigException {
        for (Section section : sections) {
            section.noteUnknownKeys();
        }
        if (!problems.none()) {
            throw new InvalidConfigException(source, ByLine.sorted(problems.all()));
        }
    }

    Section open(String path, YamlNode.Mapping mapping) {
        Section section = new Section(this, path, mapping);
        sections.add(section);
        return section;
    }

    void problem(int line, String text) {
        problems.add("line " + line + ": " + text);
    }

    void warning(int line, String text) {
        warnings.add("line " + line + ": " + text);
    }

    Path resolve(String path) {
        return directory.resolve(path).normalize();
    }

    @Nullable String environment(String name) {
        return environment.apply(name);
    }
}
