package io.moha.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A MySQL server on this machine that can be run.
 *
 * @param directory with bin/mysqld (or, for an installed server, the directory above sbin/mysqld)
 * @param mysqld the program, absolute
 * @param version for example 9.7.4
 */
public record MysqlHome(Path directory, Path mysqld, String version) {

    /** The LTS series that is fetched when this machine has no server. */
    public static final String LTS = "9.7";

    /** The oldest supported series. */
    public static final String OLDEST = "8.0";

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(20);
    private static final Pattern VERSION = Pattern.compile("Ver (\\d+\\.\\d+\\.\\d+)");

    /**
     * The server to use where any supported one will do: {@code explicit} (--mysql-home), else
     * MOHA_MYSQL_HOME, else mysqld on the PATH, else one from the cache, made now if need be.
     * Blocks, for minutes when it has to download.
     */
    public static MysqlHome find(@Nullable Path explicit, Progress progress)
            throws ProvisionException {
        MysqlHome present = configured(explicit);
        if (present == null) {
            present = installed();
        }
        if (present != null) {
            return present;
        }
        boolean packages = AptPackages.debianItself();
        if (!packages && inspect(Cache.ofUser().place("mysql-" + LTS)) == null) {
            return provide(OLDEST, progress);
        }
        return provide(LTS, progress);
    }

    /**
     * A server of {@code series}, {@link #LTS} or {@link #OLDEST}: the configured or installed one
     * when it is of that series, else one from the cache, made now if need be.
     */
    public static MysqlHome provide(String series, Progress progress) throws ProvisionException {
        for (MysqlHome present : new @Nullable MysqlHome[] {configured(null), installed()}) {
            if (present != null && present.version().startsWith(series + ".")) {
                return present;
            }
        }
        Cache.Maker maker =
                switch (series) {
                    case LTS -> empty -> MysqlPackages.makeLts(empty, progress);
                    case OLDEST -> empty -> MysqlPackages.makeOldest(empty, progress);
                    default ->
                            throw new ProvisionException(
                                    "no source is known for MySQL "
                                            + series
                                            + "; set MOHA_MYSQL_HOME to a directory with"
                                            + " bin/mysqld of that series");
                };
        Path made = Cache.ofUser().provide("mysql-" + series, home -> inspect(home) != null, maker);
        MysqlHome home = inspect(made);
        if (home == null) {
            throw new ProvisionException(made + " vanished; run the command again");
        }
        return home;
    }

    /** As {@link #provide(String, Progress)}, telling the log. */
    public static MysqlHome provide(String series) throws ProvisionException {
        return provide(series, Progress.toLog());
    }

    /** A client program (mysql, mysqlbinlog …) of this home; null when it has none. */
    public @Nullable Path program(String name) {
        Path here = directory.resolve("bin").resolve(name);
        return Files.isExecutable(here) ? here : null;
    }

    /** Whether the server is of series 8.0 ("8.0") or the like. */
    public boolean isSeries(String series) {
        return version.startsWith(series + ".");
    }

    private static @Nullable MysqlHome configured(@Nullable Path explicit)
            throws ProvisionException {
        String variable = System.getenv("MOHA_MYSQL_HOME");
        Path wanted =
                explicit != null
                        ? explicit
                        : variable == null || variable.isBlank() ? null : Path.of(variable);
        if (wanted == null) {
            return null;
        }
        MysqlHome home = inspect(wanted.toAbsolutePath().normalize());
        if (home == null) {
            throw new ProvisionException(
                    wanted + " holds no bin/mysqld of MySQL 8.0 or newer that runs here");
        }
        return home;
    }

    private static @Nullable MysqlHome installed() {
        Path program = HostCommand.onPath("mysqld");
        if (program == null) {
            return null;
        }
        String version = versionOf(program);
        return version == null
                ? null
                : new MysqlHome(program.resolve("../..").normalize(), program, version);
    }

    /** The server in {@code directory}; null when there is none that runs and is supported. */
    static @Nullable MysqlHome inspect(Path directory) {
        for (String place : List.of("bin/mysqld", "sbin/mysqld")) {
            Path program = directory.resolve(place);
            if (Files.isExecutable(program)) {
                String version = versionOf(program);
                return version == null ? null : new MysqlHome(directory, program, version);
            }
        }
        return null;
    }

    /** The version of a supported MySQL; null for MariaDB, older ones, and what does not run. */
    private static @Nullable String versionOf(Path program) {
        try {
            HostCommand.Result result =
                    new HostCommand(
                                    List.of(program.toString(), "--no-defaults", "--version"),
                                    Map.of("LC_ALL", "C"),
                                    Path.of("/"),
                                    VERSION_LIMIT)
                            .run(() -> {});
            Matcher matcher = VERSION.matcher(result.output());
            boolean mysql = result.ok() && !result.output().contains("MariaDB") && matcher.find();
            return mysql && supported(matcher.group(1)) ? matcher.group(1) : null;
        } catch (IOException | ProvisionException e) {
            return null;
        }
    }

    private static boolean supported(String version) {
        return Integer.parseInt(version.substring(0, version.indexOf('.'))) >= 8;
    }
}
