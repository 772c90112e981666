package io.moha.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheTest {

    @TempDir Path root;

    private static boolean whole(Path made) {
        return Files.exists(made.resolve("whole"));
    }

    @Test
    void makesAThingOnceForManyAtTheSameTime() throws Exception {
        Cache cache = new Cache(root.resolve("cache"));
        AtomicInteger made = new AtomicInteger();
        Callable<Path> provide =
                () ->
                        cache.provide(
                                "thing",
                                CacheTest::whole,
                                empty -> {
                                    made.incrementAndGet();
                                    Files.createFile(empty.resolve("whole"));
                                });

        List<Path> places;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Path>> all = threads.invokeAll(List.of(provide, provide, provide, provide));
            places = all.stream().map(Future::resultNow).toList();
        }

        assertThat(made).hasValue(1);
        assertThat(places).containsOnly(cache.place("thing"));
    }

    @Test
    void leavesNothingOfAThingThatCouldNotBeMade() throws IOException {
        Cache cache = new Cache(root.resolve("cache"));

        assertThatThrownBy(
                        () ->
                                cache.provide(
                                        "thing",
                                        CacheTest::whole,
                                        empty -> {
                                            Files.createFile(empty.resolve("half"));
                                            throw new ProvisionException("no network");
                                        }))
                .isInstanceOf(ProvisionException.class)
                .hasMessage("no network");

        try (Stream<Path> left = Files.list(root.resolve("cache"))) {
            assertThat(left.filter(Files::isDirectory)).isEmpty();
        }
    }

    @Test
    void makesAThingAnewThatFailsItsCheck() throws Exception {
        Cache cache = new Cache(root);
        Files.createDirectories(cache.place("thing").resolve("broken"));

        Path place =
                cache.provide(
                        "thing",
                        CacheTest::whole,
                        empty -> Files.createFile(empty.resolve("whole")));

        assertThat(place.resolve("broken")).doesNotExist();
        assertThat(place.resolve("whole")).exists();
    }

    @Test
    void refusesAThingThatIsMadeButDoesNotServe() {
        Cache cache = new Cache(root);

        assertThatThrownBy(() -> cache.provide("thing", CacheTest::whole, empty -> {}))
                .isInstanceOf(ProvisionException.class)
                .hasMessageContaining("does not run on this machine");
    }
}
