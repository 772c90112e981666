/**
 * What every module's tests run under. Putting the {@code moha-protocol} test-jar on a module's
 * test class path is all it takes:
 *
 * <ul>
 *   <li>{@link io.moha.testing.LeakGuardInstaller} (a launcher session listener) sets Netty's leak
 *       detector to paranoid and records its reports, before any buffer exists;
 *   <li>{@link io.moha.testing.LeakGuard} (a Jupiter extension, registered automatically) fails a
 *       test class after which a buffer was found that nobody released;
 *   <li>{@link io.moha.testing.PropertyLeakGuard} does the same for classes of jqwik properties.
 * </ul>
 *
 * <p>Netty tracks pooled and direct buffers, not unpooled buffers on the heap: a test that wants
 * the guard to see a buffer takes it from {@code PooledByteBufAllocator.DEFAULT} or {@code
 * Unpooled.directBuffer}. A test that leaks on purpose calls {@link
 * io.moha.testing.LeakReports#provoke()} itself, which takes the reports away.
 */
@NullMarked
package io.moha.testing;

import org.jspecify.annotations.NullMarked;
