-- The built-in read-write transactions; says of each error that sysbench ignores which one it was.
require("oltp_read_write")

local repair = sysbench.hooks.before_restart_event

function sysbench.hooks.before_restart_event(err)
  io.stderr:write(string.format("\nignored error %d (%s)\n", err.sql_errno, err.sql_state))
  repair(err)
end
