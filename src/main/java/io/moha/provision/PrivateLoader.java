package io.moha.provision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs programs of an unpacked package tree on that tree's own C library, through its own dynamic
 * loader, so that they do not depend on what this machine has installed.
 *
 * @param home that the wrapper scripts are made in, as bin/NAME
 * @param loader the tree's dynamic loader
 * @param libraries the directories it searches
 */
record PrivateLoader(Path home, Path loader, Set<Path> libraries) {

    /** Directories with libraries that are plugins of something: never searched. */
    private static final List<String> NOT_SEARCHED =
            List.of("plugin", "perl", "gconv", "systemd", "engines", "ossl", "sasl2", "gdb");

    /** The loader and libraries below {@code root}, which is inside {@code home}. */
    static PrivateLoader in(Path home, Path root) throws IOException, ProvisionException {
        Path loader =
                FileTree.find(
                        root,
                        file ->
                                file.getFileName().toString().matches("ld-linux-.*\\.so\\.\\d+")
                                        && Files.isRegularFile(file));
        if (loader == null) {
            throw new ProvisionException("the packages hold no dynamic loader");
        }
        Set<Path> libraries = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(file -> file.getFileName().toString().contains(".so"))
                    .map(Path::getParent)
                    .filter(PrivateLoader::searched)
                    .forEach(libraries::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new PrivateLoader(home, loader, libraries);
    }

    private static boolean searched(Path directory) {
        String text = directory.toString();
        return NOT_SEARCHED.stream().noneMatch(text::contains);
    }

    /**
     * Makes bin/{@code program}, which runs {@code real} with {@code defaults} before its words.
     */
    void wrap(String program, Path real, String defaults) throws IOException {
        StringBuilder search = new StringBuilder();
        for (Path directory : libraries) {
            search.append(search.isEmpty() ? "" : ":")
                    .append("$home/")
                    .append(home.relativize(directory));
        }
        FileTree.writeScript(
                home.resolve("bin").resolve(program),
                """
                #!/bin/sh
                home=$(cd "${0%%/*}/.." && pwd -P)
                first=
                case "$1" in --no-defaults|--defaults-file=*|--print-defaults) first=$1; shift ;; esac
                exec "$home/%s" --argv0 "$0" --library-path "%s" "$home/%s" ${first:+"$first"} %s "$@"
                """
                        .formatted(
                                home.relativize(loader), search, home.relativize(real), defaults));
    }
}
