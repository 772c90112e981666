package io.moha.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An etcd server on this machine that can be run.
 *
 * @param etcd the program, absolute
 * @param version for example 3.4.23
 */
public record EtcdHome(Path etcd, String version) {

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("etcd Version: (3\\.(\\d+)\\.\\d+)");
    private static final int OLDEST_MINOR = 4;

    /**
     * The server to use: {@code explicit} (--etcd-home), else MOHA_ETCD_HOME, else etcd on the
     * PATH, else one from the cache, made now if need be. Blocks while it downloads.
     */
    public static EtcdHome find(@Nullable Path explicit, Progress progress)
            throws ProvisionException {
        String variable = System.getenv("MOHA_ETCD_HOME");
        Path wanted =
                explicit != null
                        ? explicit
                        : variable == null || variable.isBlank() ? null : Path.of(variable);
        if (wanted != null) {
            EtcdHome configured = inspect(wanted.toAbsolutePath().normalize());
            if (configured == null) {
                throw new ProvisionException(
                        wanted + " holds no etcd of version 3.4 or newer that runs here");
            }
            return configured;
        }
        Path installed = HostCommand.onPath("etcd");
        EtcdHome onPath = installed == null ? null : of(installed);
        if (onPath != null) {
            return onPath;
        }
        Path made =
                Cache.ofUser()
                        .provide(
                                "etcd",
                                home -> inspect(home) != null,
                                empty -> make(empty, progress));
        EtcdHome home = inspect(made);
        if (home == null) {
            throw new ProvisionException(made + " vanished; run the command again");
        }
        return home;
    }

    /** As {@link #find}, telling the log. */
    public static EtcdHome provide() throws ProvisionException {
        return find(null, Progress.toLog());
    }

    /** The program etcdctl beside etcd; null when there is none. */
    public @Nullable Path etcdctl() {
        Path beside = etcd.resolveSibling("etcdctl");
        return Files.isExecutable(beside) ? beside : null;
    }

    private static @Nullable EtcdHome inspect(Path directory) {
        for (String place : List.of("bin/etcd", "etcd")) {
            Path program = directory.resolve(place);
            if (Files.isRegularFile(program) && Files.isExecutable(program)) {
                return of(program);
            }
        }
        return null;
    }

    private static @Nullable EtcdHome of(Path program) {
        try {
            HostCommand.Result result =
                    HostCommand.of(Path.of("/"), VERSION_LIMIT, program.toString(), "--version")
                            .run(() -> {});
            Matcher matcher = VERSION.matcher(result.output());
            boolean supported =
                    matcher.find() && Integer.parseInt(matcher.group(2)) >= OLDEST_MINOR;
            return supported ? new EtcdHome(program, matcher.group(1)) : null;
        } catch (IOException | ProvisionException e) {
            return null;
        }
    }

    private static void make(Path home, Progress progress) throws IOException, ProvisionException {
        if (!AptPackages.usable()) {
            throw new ProvisionException(
                    "no etcd was found: install etcd 3.4 or newer, or set MOHA_ETCD_HOME to the"
                            + " directory with the etcd program");
        }
        progress.step("Fetching etcd from the distribution's packages, once");
        Path work = home.resolve(".apt");
        Path root = home.resolve("root");
        new AptPackages(progress)
                .unpack(new AptPackages.Wanted("", List.of("etcd-server"), false), work, root);
        FileTree.delete(work);
        FileTree.writeScript(
                home.resolve("bin/etcd"),
                """
                #!/bin/sh
                exec "${0%/*}/../root/usr/bin/etcd" "$@"
                """);
    }
}
