package io.moha.agent.guard;

import io.moha.agent.guard.GuardStatus.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link Guard} that is a shell script in a process of its own. It is found again by the next
 * agent of the same directory, and does its work while there is none.
 *
 * <p>This side is also the guard's guard. When the guard is gone, or silent for {@link
 * #SILENCE_MILLIS}, this side enforces the deadline and carries out kills by itself; a mysqld that
 * lost its guard is killed at once, because nobody would enforce its deadline if this process ended
 * too.
 */
public final class GuardClient implements Guard {

    private static final Logger LOGGER = LoggerFactory.getLogger(GuardClient.class);

    // inotify tells of each report at once; this is only for what writes nothing: a guard's end.
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long PING_EVERY_MILLIS = 500;
    private static final long SILENCE_MILLIS = 1_500;
    private static final long KILL_MYSELF_AFTER_MILLIS = 300;

    private final GuardFiles files;
    private final GuardLauncher launcher;
    private final FileChannel lockChannel;
    private final WatchService watch;
    private final GuardOrders orders = new GuardOrders();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;

    private volatile GuardStatus status = GuardReport.NOTHING.status();
    private volatile boolean closed;
    private volatile boolean ending;
    private volatile boolean startWanted;
    private volatile @Nullable PendingKill pendingKill;
    // Only the client's own thread, and open() before that thread exists, touch these.
    private GuardedProcess guard = GuardedProcess.NONE;
    private long fencedHere;

    /** A kill that the guard was told of and has not yet confirmed. */
    private record PendingKill(GuardedProcess mysqld, long epoch, long mySelfAtMillis) {}

    private GuardClient(GuardSettings settings, FileChannel lockChannel) throws IOException {
        this.files = new GuardFiles(settings.directory());
        this.launcher = new GuardLauncher(files, settings);
        this.lockChannel = lockChannel;
        this.watch = settings.directory().getFileSystem().newWatchService();
        settings.directory().register(watch, StandardWatchEventKinds.ENTRY_MODIFY);
        this.thread = Thread.ofPlatform().daemon().name("guard-client").unstarted(this::run);
    }

    /**
     * Finds the guard of {@code settings.directory()} or starts one. Blocks for up to 5 s.
     *
     * @throws IOException when another agent holds that directory, or the guard does not start
     */
    public static GuardClient open(GuardSettings settings) throws IOException {
        Files.createDirectories(settings.directory());
        FileChannel lock = lock(new GuardFiles(settings.directory()));
        try {
            GuardClient client = new GuardClient(settings, lock);
            client.begin();
            return client;
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    @Override
    public GuardStatus status() {
        return status;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public void startMysqld() {
        startWanted = true;
    }

    @Override
    public void extend(long epoch, long deadlineMillis) {
        orders.send("extend " + epoch + " " + deadlineMillis);
    }

    @Override
    public void disarm(long epoch) {
        orders.send("disarm " + epoch);
    }

    @Override
    public void kill(long epoch, String reason) {
        startWanted = false;
        pendingKill =
                new PendingKill(report().mysqld(), epoch, bootMillis() + KILL_MYSELF_AFTER_MILLIS);
        orders.send("kill " + epoch + " " + reason);
    }

    @Override
    public void shutdown(Duration patience) {
        startWanted = false;
        ending = true;
        orders.send("stop " + patience.toMillis());
        boolean ended =
                await(_ -> files.guard().isEmpty(), patience.plusMillis(2 * SILENCE_MILLIS));
        close();
        if (!ended) {
            LOGGER.atError().addKeyValue("guard", guard.pid()).log("guard did not end, killed");
            guard.destroy();
        }
    }

    @Override
    public long bootMillis() {
        return BootClock.millis();
    }

    @Override
    public void close() {
        closed = true;
        try {
            watch.close();
            thread.join(TimeUnit.SECONDS.toMillis(1));
            orders.close();
            lockChannel.close();
        } catch (IOException failure) {
            LOGGER.atWarn().setCause(failure).log("guard's files not closed");
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits until the status fulfils {@code wanted}; false when {@code limit} passed before. For
     * whoever has to know that an order took effect.
     */
    public boolean await(Predicate<GuardStatus> wanted, Duration limit) {
        long until = bootMillis() + limit.toMillis();
        synchronized (listeners) {
            while (!wanted.test(status)) {
                long leftMillis = until - bootMillis();
                if (leftMillis <= 0) {
                    return false;
                }
                try {
                    listeners.wait(Math.min(leftMillis, LOOK_EVERY_MILLIS));
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void begin() throws IOException {
        guard = files.guard().orElse(GuardedProcess.NONE);
        if (guard.isGone()) {
            guard = launcher.launch();
        } else {
            launcher.updateTarget();
            LOGGER.atInfo().addKeyValue("guard", guard.pid()).log("guard found");
        }
        orders.connect(files.orders());
        orders.send("ping");
        look();
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                WatchKey key = watch.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                look();
            }
        } catch (ClosedWatchServiceException | InterruptedException end) {
            LOGGER.atDebug().log("guard client ends");
        }
    }

    private void look() {
        try {
            GuardReport report = report();
            orders.onAnswered(report.answered());
            long now = bootMillis();
            if (ending) {
                publish(report.status());
                return;
            }
            publish(judge(report, now));
            finishKill(report, now);
            if (startWanted) {
                start(report);
            }
            if (orders.idleMillis(now) >= PING_EVERY_MILLIS) {
                orders.send("ping");
            }
        } catch (IOException | RuntimeException failure) {
            // The thread must live on: it is what enforces the deadline when the guard is gone.
            LOGGER.atError().setCause(failure).log("guard not looked after");
        }
    }

    /** What the guard says, or, when it says nothing, what this side finds out and does. */
    private GuardStatus judge(GuardReport report, long now) {
        GuardStatus said = report.status();
        boolean lost = guard.isGone();
        if (!lost && orders.silentMillis(now) <= SILENCE_MILLIS) {
            return said;
        }
        boolean overdue = said.deadlineMillis() > 0 && now >= said.deadlineMillis();
        if (overdue || lost) {
            fencedHere = Math.max(fencedHere, said.epoch());
        }
        boolean killed = lost || overdue || pendingKill != null;
        if (killed) {
            report.mysqld().destroy();
        }
        State state =
                report.mysqld().isGone() ? State.DEAD : killed ? State.DYING : State.UNREACHABLE;
        return new GuardStatus(
                state,
                state == State.DEAD ? 0 : said.pid(),
                said.incarnation(),
                state == State.UNREACHABLE ? said.deadlineMillis() : 0,
                said.epoch(),
                Math.max(said.fencedEpoch(), fencedHere),
                said.state() == State.DEAD ? said.exit() : lost ? "the guard ended" : said.exit());
    }

    private void publish(GuardStatus now) {
        if (now.equals(status)) {
            return;
        }
        if (now.state() != status.state()) {
            LOGGER.atInfo()
                    .addKeyValue("from", status.state())
                    .addKeyValue("to", now.state())
                    .addKeyValue("mysqld", now.pid())
                    .addKeyValue("exit", now.exit())
                    .log("mysqld changed state");
        }
        status = now;
        synchronized (listeners) {
            listeners.notifyAll();
        }
        listeners.forEach(Runnable::run);
    }

    private void finishKill(GuardReport report, long now) {
        PendingKill kill = pendingKill;
        if (kill == null) {
            return;
        }
        if (kill.mysqld().isGone()) {
            fencedHere = Math.max(fencedHere, kill.epoch());
            pendingKill = null;
        } else if (now >= kill.mySelfAtMillis() && report.status().state() == State.RUNNING) {
            LOGGER.atWarn().addKeyValue("mysqld", kill.mysqld().pid()).log("killed it myself");
            kill.mysqld().destroy();
        }
    }

    private void start(GuardReport report) throws IOException {
        boolean silent = orders.silentMillis(bootMillis()) > SILENCE_MILLIS;
        if (guard.isGone() || (silent && report.mysqld().isGone())) {
            // A silent guard without a mysqld has nothing to guard, and is in the way.
            guard.destroy();
            if (!guard.isGone()) {
                return;
            }
            guard = launcher.launch();
            orders.connect(files.orders());
            if (fencedHere > 0) {
                orders.send("kill " + fencedHere + " before this guard began");
            }
        } else if (silent) {
            return;
        }
        startWanted = false;
        orders.send("start");
    }

    private GuardReport report() {
        GuardReport report = files.report();
        try {
            // What was written before the machine booted names processes of another life.
            return report.boot().equals(GuardFiles.bootId()) ? report : GuardReport.NOTHING;
        } catch (IOException failure) {
            return GuardReport.NOTHING;
        }
    }

    private static FileChannel lock(GuardFiles files) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        files.agentLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException mine) {
            LOGGER.atDebug().log("this process holds the guard already");
        }
        channel.close();
        throw new IOException("another agent uses the guard in " + files.directory());
    }
}
