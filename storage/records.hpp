// Small things that a server keeps beside the statements: people, sessions, invitations, settings. The store
// knows their names and bytes, and nothing of what they mean.
#pragma once

#include "spec/base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::storage {

// Part of the store's format on disk: never renumber.
enum class RecordKind : std::uint8_t {
    person = 1,
    session = 2,
    invitation = 3,
    setting = 4,
    persona = 5,
    log_key = 6,
    checkpoint = 7,
    export_job = 8,
    erasure = 9,
    legal_hold = 10,
    retention_rule = 11,
    pseudonym_key = 12,
    relay = 13,
    dead_letter = 14,
    export_schedule = 15,
    course = 16,
    course_version = 17,
    registration = 18,
    launch = 19,
    course_session = 20
};

class SmallRecordStore {
  public:
    SmallRecordStore() = default;
    SmallRecordStore(const SmallRecordStore&) = delete;
    SmallRecordStore& operator=(const SmallRecordStore&) = delete;
    virtual ~SmallRecordStore() = default;

    // Durable when they return. Errors: store_full, store_failed.
    virtual Result<void> save_record(RecordKind kind, std::string_view name, std::string_view bytes) = 0;
    virtual Result<void> remove_record(RecordKind kind, std::string_view name) = 0;
    // Names and bytes of those whose names begin with `prefix`, by name.
    virtual Result<std::vector<std::pair<std::string, std::string>>>
    records(RecordKind kind, std::string_view prefix = "") = 0;
    // Nothing where there is none of that name.
    virtual Result<std::optional<std::string>> find_record(RecordKind kind, std::string_view name) = 0;
};

} // namespace leerspoor::storage
