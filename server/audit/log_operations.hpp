// The log for everybody: checkpoints, keys, tiles (C2SP tlog-tiles) and proofs. Nothing of it tells what a
// statement says.
#pragma once

#include "server/app/request.hpp"

namespace leerspoor::server::audit {

// GET /log/checkpoint: a signed note.
boost::asio::awaitable<Result<http::Response>> get_checkpoint(const Services& services,
                                                              const Request& request);
// GET /log/key: a line for each key, the one that signs now first.
boost::asio::awaitable<Result<http::Response>> get_log_key(const Services& services, const Request& request);
// GET /log/tile/…: hashes. Error: tile_unknown.
boost::asio::awaitable<Result<http::Response>> get_tile(const Services& services, const Request& request);
// GET /log/consistency?from=N&to=M: the proof that the tree of M leaves goes on from that of N (RFC 9162
// 2.1.4.1). Errors: query_parameter_invalid, log_too_short.
boost::asio::awaitable<Result<http::Response>> get_consistency(const Services& services,
                                                               const Request& request);
// GET /statements/{id}/inclusion: the leaf of a statement, its salt, and the proof that it is in the tree of
// the newest checkpoint (RFC 9162 2.1.3.1). For who may read the statement. Errors: statement_unknown,
// log_behind.
boost::asio::awaitable<Result<http::Response>> get_inclusion(const Services& services,
                                                             const Request& request);

} // namespace leerspoor::server::audit
