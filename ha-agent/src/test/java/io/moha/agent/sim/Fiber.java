package io.moha.agent.sim;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * Code that stops in the middle and goes on later, on the thread that resumes it. So all threads of
 * a simulation are one real thread, and which of them runs is decided by the simulation alone.
 *
 * <p>It is the JDK's own continuation, on which virtual threads are built; the JVM needs {@code
 * --add-exports java.base/jdk.internal.vm=ALL-UNNAMED}.
 */
final class Fiber {

    private static final Object SCOPE;
    private static final MethodHandle NEW;
    private static final MethodHandle RUN;
    private static final MethodHandle YIELD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> scope = Class.forName("jdk.internal.vm.ContinuationScope");
            Class<?> continuation = Class.forName("jdk.internal.vm.Continuation");
            SCOPE =
                    lookup.findConstructor(scope, MethodType.methodType(void.class, String.class))
                            .invoke("simulation");
            NEW =
                    lookup.findConstructor(
                                    continuation,
                                    MethodType.methodType(void.class, scope, Runnable.class))
                            .asType(
                                    MethodType.methodType(
                                            Object.class, Object.class, Runnable.class));
            RUN =
                    lookup.findVirtual(continuation, "run", MethodType.methodType(void.class))
                            .asType(MethodType.methodType(void.class, Object.class));
            YIELD =
                    lookup.findStatic(
                                    continuation,
                                    "yield",
                                    MethodType.methodType(boolean.class, scope))
                            .asType(MethodType.methodType(boolean.class, Object.class));
        } catch (Throwable e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String name;
    private final Object continuation;
    private @Nullable Throwable failure;
    private boolean done;

    /** A fiber called {@code name} that will run {@code body}. */
    Fiber(String name, Runnable body) {
        this.name = name;
        try {
            this.continuation = (Object) NEW.invokeExact(SCOPE, (Runnable) () -> run(body));
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What it is called. */
    String name() {
        return name;
    }

    /** Whether it has ended. */
    boolean isDone() {
        return done;
    }

    /** Runs it until it parks or ends; rethrows what it ended with. */
    void resume() {
        try {
            RUN.invokeExact(continuation);
        } catch (Throwable e) {
            throw new IllegalStateException("fiber " + name, e);
        }
        if (failure != null) {
            throw new IllegalStateException("fiber " + name, failure);
        }
    }

    /** Stops the fiber that calls this until it is resumed. */
    static void park() {
        try {
            boolean _ = (boolean) YIELD.invokeExact(SCOPE);
        } catch (Throwable e) {
            throw new IllegalStateException("not in a fiber, or pinned to its thread", e);
        }
    }

    private void run(Runnable body) {
        try {
            body.run();
        } catch (Throwable e) {
            failure = e;
        }
        done = true;
    }
}
