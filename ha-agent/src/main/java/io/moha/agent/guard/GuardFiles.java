package io.moha.agent.guard;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The directory in which agent and guard meet; the head of {@code guard.sh} says what each file
 * holds. Stateless, so callable from any thread.
 *
 * @param directory exists, and belongs to this node alone
 */
record GuardFiles(Path directory) {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** The FIFO that takes orders. */
    Path orders() {
        return directory.resolve("in");
    }

    /** Held by the one agent that may give orders. */
    Path agentLock() {
        return directory.resolve("agent.lock");
    }

    /** The guard's log, which also takes what its shell complains about. */
    Path log() {
        return directory.resolve("guard.log");
    }

    /** The script itself, written anew from the jar. */
    Path script() throws IOException {
        Path script = directory.resolve("guard.sh");
        try (InputStream source = GuardFiles.class.getResourceAsStream("guard.sh")) {
            if (source == null) {
                throw new IOException("guard.sh is missing from the program");
            }
            replace(script, source.readAllBytes());
        }
        return script;
    }

    /** Writes down what the guard shall start, or watch. */
    void writeTarget(GuardSettings settings) throws IOException {
        if (settings.command().isEmpty()) {
            Files.deleteIfExists(directory.resolve("argv"));
            replace(directory.resolve("attach"), bytes(settings.pidFile() + "\n"));
        } else {
            Files.deleteIfExists(directory.resolve("attach"));
            replace(directory.resolve("argv"), bytes(String.join("\0", settings.argv()) + "\0"));
        }
    }

    /** The guard that lives in this directory; empty when there is none, or it is gone. */
    Optional<GuardedProcess> guard() {
        try {
            String[] words =
                    Files.readString(directory.resolve("pid"), StandardCharsets.US_ASCII)
                            .trim()
                            .split(" ", -1);
            if (words.length != 3 || !words[2].equals(bootId())) {
                return Optional.empty();
            }
            return Optional.of(
                            new GuardedProcess(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    .filter(guard -> !guard.isGone());
        } catch (IOException | NumberFormatException none) {
            return Optional.empty();
        }
    }

    /** The newest report of any guard of this directory; nothing when there is none. */
    GuardReport report() {
        GuardReport first = report("status.0");
        GuardReport second = report("status.1");
        return first.number() > second.number() ? first : second;
    }

    /** Which boot of the machine this is. */
    static String bootId() throws IOException {
        return Files.readString(BOOT_ID, StandardCharsets.US_ASCII).trim();
    }

    private GuardReport report(String name) {
        try {
            String text = Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1);
            return GuardReport.parse(text).orElse(GuardReport.NOTHING);
        } catch (IOException none) {
            return GuardReport.NOTHING;
        }
    }

    private void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, content);
        Files.move(
                fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
