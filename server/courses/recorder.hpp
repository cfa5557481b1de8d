// What this server itself records of courses: statements and documents, vouched for by its own Agent.
#pragma once

#include "storage/record_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace leerspoor::server::courses {

// Any thread. `store` outlives it.
class Recorder {
  public:
    Recorder(storage::RecordStore& store, std::string home_page)
        : store_(store), home_page_(std::move(home_page)) {}

    // Who vouches for the statements.
    boost::json::object authority() const;
    // All or none, durable when it returns. A statement without an id gets one. Errors: the store's.
    boost::asio::awaitable<Result<void>> say(storage::StoreId tenant,
                                             const std::vector<boost::json::object>& statements);
    boost::asio::awaitable<Result<void>> put(storage::StoreId tenant, storage::Submission submission);
    // As application/json, in the place of what is there. Errors: the store's.
    boost::asio::awaitable<Result<void>> keep(storage::StoreId tenant, storage::DocumentName name,
                                              const boost::json::object& content);

  private:
    storage::RecordStore& store_;
    const std::string home_page_;
};

} // namespace leerspoor::server::courses
