package io.moha.agent.sim;

import io.moha.agent.mysql.MysqlException;
import io.moha.agent.mysql.MysqlServer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;

/** Servers that do something else when the agent asks for certain things. */
final class LyingServer {

    private LyingServer() {}

    /** What is done instead of one method. */
    interface Lie {
        /** Does it on {@code real}; {@code arguments} are the caller's. */
        Object tell(MysqlServer real, Object[] arguments) throws MysqlException;
    }

    /** {@code real}, but for {@code method} when code of {@code caller} calls it. */
    static MysqlServer of(MysqlServer real, String method, Class<?> caller, Lie lie) {
        return (MysqlServer)
                Proxy.newProxyInstance(
                        LyingServer.class.getClassLoader(),
                        new Class<?>[] {MysqlServer.class},
                        (_, called, arguments) -> {
                            if (called.getName().equals(method) && isCalledBy(caller)) {
                                return lie.tell(real, arguments);
                            }
                            try {
                                return called.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause() == null ? e : e.getCause();
                            }
                        });
    }

    private static boolean isCalledBy(Class<?> caller) {
        return Arrays.stream(new Throwable().getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(caller.getName()));
    }
}
