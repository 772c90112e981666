package io.moha.it.fault;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells which party opened a connection on this machine, where all have the same address: the
 * kernel's table of sockets names the socket of a port, and each process's open files name its
 * sockets.
 *
 * @param parties the present process ids of each party
 */
record Owners(Map<String, Supplier<List<Long>>> parties) {

    /** Whoever is no party, such as the tests themselves. */
    static final String OUTSIDE = "outside";

    private static final int INODE = 9;

    /** Who opened the connection from {@code port} to {@code listener}. */
    String of(int port, int listener) {
        String socket = socket(port, listener);
        if (socket != null) {
            for (Map.Entry<String, Supplier<List<Long>>> party : parties.entrySet()) {
                for (long pid : party.getValue().get()) {
                    if (holds(pid, socket)) {
                        return party.getKey();
                    }
                }
            }
        }
        return OUTSIDE;
    }

    private static @Nullable String socket(int port, int listener) {
        // Local and remote address of the client's end, as the kernel writes them.
        String local = ":%04X ".formatted(port);
        String remote = ":%04X ".formatted(listener);
        String found = socket("/proc/net/tcp", local, remote);
        return found == null ? socket("/proc/net/tcp6", local, remote) : found;
    }

    private static @Nullable String socket(String table, String local, String remote) {
        try (BufferedReader lines = Files.newBufferedReader(Path.of(table))) {
            String line = lines.readLine();
            while (line != null) {
                int at = line.indexOf(local);
                if (at > 0 && line.indexOf(remote, at) == line.indexOf(':', at + 1)) {
                    return "socket:[" + line.strip().split("\\s+", -1)[INODE] + "]";
                }
                line = lines.readLine();
            }
        } catch (IOException e) {
            // A machine without IPv6 has no such table.
            return null;
        }
        return null;
    }

    private static boolean holds(long pid, String socket) {
        String[] files = new File("/proc/" + pid + "/fd").list();
        if (files == null) {
            // It has ended.
            return false;
        }
        // Who connects just now has a high number.
        for (int i = files.length - 1; i >= 0; i--) {
            if (target(Path.of("/proc/" + pid + "/fd", files[i])).equals(socket)) {
                return true;
            }
        }
        return false;
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
