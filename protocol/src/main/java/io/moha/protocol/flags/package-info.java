/** The numbers of the MySQL protocol: commands, capability and status bits, error numbers. */
@NullMarked
package io.moha.protocol.flags;

import org.jspecify.annotations.NullMarked;
