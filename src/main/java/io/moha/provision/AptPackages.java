package io.moha.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Debian packages, downloaded and verified by apt-get into private directories and unpacked with
 * dpkg-deb: neither needs root, and nothing of the machine changes. The mirror is the one this
 * machine's apt is set up with.
 *
 * @param progress is told of downloads
 */
record AptPackages(Progress progress) {

    private static final Duration UPDATE_LIMIT = Duration.ofMinutes(5);
    private static final Duration DOWNLOAD_LIMIT = Duration.ofMinutes(30);
    private static final Duration UNPACK_LIMIT = Duration.ofMinutes(5);

    /** A download as --print-uris lists it: 'uri' name size hash. */
    private static final Pattern PRINTED_URI = Pattern.compile("'[^']*' \\S+ (\\d+)");

    /**
     * What to fetch.
     *
     * @param release name of the distribution's release, for example sid; empty for this machine's
     * @param names of packages
     * @param withDependencies whether everything they depend on is fetched too, down to the C
     *     library
     */
    record Wanted(String release, List<String> names, boolean withDependencies) {}

    /** Whether this machine is one whose packages can be used: Debian or made from it. */
    static boolean usable() {
        return HostCommand.onPath("apt-get") != null && HostCommand.onPath("dpkg-deb") != null;
    }

    /** Whether this machine runs Debian itself, which has every release on its mirror. */
    static boolean debianItself() {
        return usable() && osRelease().getOrDefault("ID", "").equals("debian");
    }

    /** Unpacks what is wanted below {@code root}, using {@code work} (empty) for downloads. */
    void unpack(Wanted wanted, Path work, Path root) throws IOException, ProvisionException {
        List<String> mirrors = mirrors(work);
        if (mirrors.isEmpty()) {
            throw new ProvisionException("apt-get on this machine is set up with no mirror");
        }
        String release =
                wanted.release().isEmpty()
                        ? osRelease().getOrDefault("VERSION_CODENAME", "stable")
                        : wanted.release();
        String failure = "";
        for (String mirror : mirrors) {
            prepare(work, mirror, release);
            progress.step("Reading the package list of " + release);
            HostCommand.Result updated = apt(work, UPDATE_LIMIT, List.of("update"), size -> {});
            if (updated.ok()) {
                download(wanted, work);
                unpackAll(work.resolve("archives"), root);
                return;
            }
            failure = updated.lastLine();
        }
        throw new ProvisionException("apt-get update failed: " + failure);
    }

    private void download(Wanted wanted, Path work) throws IOException, ProvisionException {
        List<String> words = new ArrayList<>();
        if (wanted.withDependencies()) {
            words.addAll(List.of("install", "-y", "--no-install-recommends", "--download-only"));
        } else {
            words.add("download");
        }
        words.addAll(wanted.names());
        List<String> dry = new ArrayList<>(words);
        dry.add("--print-uris");
        long total =
                PRINTED_URI
                        .matcher(apt(work, UPDATE_LIMIT, dry, size -> {}).output())
                        .results()
                        .mapToLong(match -> Long.parseLong(match.group(1)))
                        .sum();
        String what = String.join(", ", wanted.names());
        progress.step("Downloading " + what + " (" + (total >> 20) + " MB)");
        HostCommand.Result result =
                apt(work, DOWNLOAD_LIMIT, words, size -> progress.download(what, size, total));
        if (!result.ok()) {
            throw new ProvisionException(
                    "apt-get could not download " + what + ": " + result.lastLine());
        }
    }

    private void unpackAll(Path archives, Path root) throws IOException, ProvisionException {
        progress.step("Unpacking");
        Files.createDirectories(root);
        List<Path> packages;
        try (Stream<Path> files = Files.list(archives)) {
            packages = files.filter(file -> file.toString().endsWith(".deb")).toList();
        }
        if (packages.isEmpty()) {
            throw new ProvisionException("apt-get downloaded nothing into " + archives);
        }
        for (Path one : packages) {
            HostCommand.Result result =
                    HostCommand.of(
                                    root,
                                    UNPACK_LIMIT,
                                    "dpkg-deb",
                                    "-x",
                                    one.toString(),
                                    root.toString())
                            .run(() -> {});
            if (!result.ok()) {
                throw new ProvisionException(
                        "dpkg-deb could not unpack " + one.getFileName() + ": " + result.tail());
            }
        }
    }

    /** Empty package state and lists of our own, so that apt needs no rights and knows nothing. */
    private static void prepare(Path work, String mirror, String release) throws IOException {
        FileTree.delete(work.resolve("lists"));
        Files.createDirectories(work.resolve("lists/partial"));
        Files.createDirectories(work.resolve("archives/partial"));
        Files.writeString(work.resolve("status"), "");
        Path keyring =
                Path.of(
                        "/usr/share/keyrings",
                        osRelease().getOrDefault("ID", "debian") + "-archive-keyring.gpg");
        String signedBy = Files.exists(keyring) ? "[signed-by=" + keyring + "] " : "";
        boolean universe = osRelease().getOrDefault("ID", "").equals("ubuntu");
        Files.writeString(
                work.resolve("sources.list"),
                "deb "
                        + signedBy
                        + mirror
                        + " "
                        + release
                        + (universe ? " main universe\n" : " main\n"));
    }

    private static HostCommand.Result apt(
            Path work, Duration limit, List<String> words, LongConsumer onSize)
            throws IOException, ProvisionException {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q"));
        for (String option :
                List.of(
                        "Dir::Etc::sourcelist=" + work.resolve("sources.list"),
                        "Dir::Etc::sourceparts=-",
                        "Dir::State::Lists=" + work.resolve("lists"),
                        "Dir::State::status=" + work.resolve("status"),
                        "Dir::Cache=" + work,
                        "APT::Sandbox::User=",
                        "APT::Get::Assume-Yes=true",
                        "Acquire::Retries=3",
                        // A mirror that is behind serves as well; what it has is signed.
                        "Acquire::Check-Valid-Until=false",
                        "Acquire::Languages=none",
                        "Debug::NoLocking=true")) {
            command.add("-o");
            command.add(option);
        }
        command.addAll(words);
        Path archives = work.resolve("archives");
        return new HostCommand(command, Map.of("LC_ALL", "C"), archives, limit)
                .run(() -> onSize.accept(FileTree.size(List.of(archives))));
    }

    /** The mirrors of this machine's own apt, those of the installed release first. */
    private static List<String> mirrors(Path work) throws IOException, ProvisionException {
        // An empty list directory: on a fresh machine apt never read the lists, and that is enough.
        Path none = work.resolve("none");
        Files.createDirectories(none.resolve("partial"));
        HostCommand.Result result =
                HostCommand.of(
                                work,
                                UPDATE_LIMIT,
                                "apt-get",
                                "indextargets",
                                "-o",
                                "Dir::State::Lists=" + none,
                                "--no-release-info",
                                "--format",
                                "$(RELEASE) $(REPO_URI)",
                                "Created-By: Packages")
                        .run(() -> {});
        String codename = osRelease().getOrDefault("VERSION_CODENAME", "");
        Set<String> own = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (String line : result.output().lines().toList()) {
            String[] words = line.strip().split(" ", 2);
            if (words.length == 2 && !words[0].contains("security")) {
                (words[0].equals(codename) ? own : others).add(words[1]);
            }
        }
        own.addAll(others);
        return List.copyOf(own);
    }

    private static Map<String, String> osRelease() {
        Map<String, String> values = new HashMap<>();
        try {
            Pattern line = Pattern.compile("([A-Z_]+)=\"?([^\"]*)\"?");
            for (String text : Files.readAllLines(Path.of("/etc/os-release"))) {
                Matcher matcher = line.matcher(text);
                if (matcher.matches()) {
                    values.put(matcher.group(1), matcher.group(2));
                }
            }
        } catch (IOException e) {
            // No such file: an unusual system, which no package of ours is for.
            return Map.of();
        }
        return Map.copyOf(values);
    }
}
