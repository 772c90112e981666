package io.moha.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {

    @TempDir Path root;

    @Test
    void aSecretIsReadableByThisUserOnly() throws Exception {
        Path file = root.resolve("password");

        FileTree.writeSecret(file, "first");
        FileTree.writeSecret(file, "second");

        assertThat(file).hasContent("second");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aCopyHasTheSameFilesLinksAndPermissions() throws Exception {
        Path from = root.resolve("from");
        Files.createDirectories(from.resolve("inner"));
        Files.writeString(from.resolve("inner/file"), "text");
        Files.setPosixFilePermissions(
                from.resolve("inner/file"), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(from.resolve("link"), Path.of("inner/file"));

        FileTree.copy(from, root.resolve("to"));

        assertThat(root.resolve("to/inner/file")).hasContent("text").isExecutable();
        assertThat(Files.readSymbolicLink(root.resolve("to/link"))).hasToString("inner/file");
    }

    @Test
    void deletingDoesNotFollowLinks() throws Exception {
        Files.writeString(root.resolve("kept"), "text");
        Path tree = Files.createDirectories(root.resolve("tree/inner"));
        Files.createSymbolicLink(tree.resolve("link"), root.resolve("kept"));

        FileTree.delete(root.resolve("tree"));

        assertThat(root.resolve("tree")).doesNotExist();
        assertThat(root.resolve("kept")).exists();
    }
}
