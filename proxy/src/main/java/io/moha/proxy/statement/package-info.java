/**
 * What the text of a statement tells a proxy that does not parse SQL: words that leave something
 * behind in the session, and whether a statement may be sent again. Pure; when in doubt, the answer
 * is the careful one.
 */
@NullMarked
package io.moha.proxy.statement;

import org.jspecify.annotations.NullMarked;
