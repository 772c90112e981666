/**
 * What clients see of a change of primary: a running cluster is given a write load, its primary is
 * killed or switched over, and afterwards every write that was acknowledged must be there. Drives
 * only what {@code demo.json} names, with a stock driver.
 */
@NullMarked
package io.moha.bench.ha;

import org.jspecify.annotations.NullMarked;
