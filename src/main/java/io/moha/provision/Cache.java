package io.moha.provision;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A directory of things that are made once and then only read, {@code ~/.cache/moha}. Safe for
 * several processes at a time: a thing is made beside its place under a file lock and then renamed,
 * so that it is there whole or not at all.
 *
 * @param root of all things; need not exist yet
 */
public record Cache(Path root) {

    // A file lock belongs to the process, so threads of this one need a lock of their own.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    /** Fills an empty directory. */
    @FunctionalInterface
    public interface Maker {
        /** Fills {@code empty}, which is renamed to the thing's place afterwards. */
        void make(Path empty) throws IOException, ProvisionException;
    }

    /** Whether a thing that is there still serves. */
    @FunctionalInterface
    public interface Check {
        /** Whether {@code made} serves. */
        boolean serves(Path made);
    }

    /** This user's cache: {@code MOHA_CACHE}, else {@code ~/.cache/moha}. */
    public static Cache ofUser() {
        String set = System.getenv("MOHA_CACHE");
        if (set != null && !set.isBlank()) {
            return new Cache(Path.of(set).toAbsolutePath());
        }
        String home = System.getenv("HOME");
        if (home == null || home.isBlank()) {
            home = System.getProperty("user.home", ".");
        }
        return new Cache(Path.of(home, ".cache", "moha").toAbsolutePath());
    }

    /** Where the thing {@code name} is, or will be. */
    public Path place(String name) {
        return root.resolve(name);
    }

    /**
     * The thing {@code name}, made now when it is missing or fails its check. Blocks while another
     * process makes it.
     *
     * @throws ProvisionException when it could not be made; nothing is left behind then
     */
    public Path provide(String name, Check check, Maker maker) throws ProvisionException {
        Path place = place(name);
        if (check.serves(place)) {
            return place;
        }
        IN_PROCESS.lock();
        try {
            Files.createDirectories(root);
            try (FileChannel channel =
                            FileChannel.open(
                                    root.resolve("." + name + ".lock"),
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE);
                    FileLock held = channel.lock()) {
                if (!held.isValid() || !check.serves(place)) {
                    make(place, maker);
                }
            }
        } catch (IOException e) {
            throw new ProvisionException("cannot write to " + root + ": " + e, e);
        } finally {
            IN_PROCESS.unlock();
        }
        if (!check.serves(place)) {
            throw new ProvisionException(
                    place + " was made but does not run on this machine; see its contents");
        }
        return place;
    }

    private void make(Path place, Maker maker) throws IOException, ProvisionException {
        // The lock is held, so a directory of this name is left over from a process that died.
        Path beside = place.resolveSibling("." + place.getFileName() + ".new");
        FileTree.delete(beside);
        Files.createDirectories(beside);
        try {
            maker.make(beside);
            FileTree.delete(place);
            Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTree.delete(beside);
        }
    }
}
