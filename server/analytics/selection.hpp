// A filter in terms of one store's facts: which columns, which rows, who is the same person.
#pragma once

#include "server/analytics/filter.hpp"
#include "server/analytics/zone.hpp"
#include "storage/record_store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace leerspoor::server::analytics {

// Where the values of a dimension come from.
struct Source {
    storage::FactColumn column = storage::FactColumn::verb;
    storage::FactText kind = storage::FactText::iri;
    bool list = false;
    bool text = true; // a number of a text
};
Source source_of(DimensionKind kind);
std::int64_t score_band(std::int64_t fact); // of a score's column: in tenths
bool tells_persons(DimensionKind kind);

Error query_too_large();
Error persons_hidden(); // analytics_persons_hidden

// The identities of persons who have several, each person's first one the one that is shown.
using Persons = std::vector<std::vector<std::string>>;

// What all filters of a question look up, read before: while facts are scanned the store is not asked.
class Lookups {
  public:
    // `persons` is empty where nobody has several identities. `smallest_group` 0: whoever asks may see
    // persons; else groups of fewer learners are not shown.
    static Result<std::shared_ptr<Lookups>> make(storage::RecordStore& store, storage::StoreId tenant,
                                                 const Persons& persons, std::size_t smallest_group = 0);

    storage::RecordStore& store() const { return store_; }
    storage::StoreId tenant() const { return tenant_; }
    bool hides(std::size_t learners) const { return learners < smallest_group_; }
    bool hides_persons() const { return smallest_group_ > 0; }
    // 0: the store has no such text.
    Result<std::int64_t> number_of(storage::FactText kind, std::string_view text) const;
    Result<std::string> text_of(storage::FactText kind, std::int64_t number) const;
    // The number that a person's rows are counted under.
    storage::FactNumber person(std::int64_t number) const {
        const auto place = static_cast<std::size_t>(number);
        return place < persons_.size() ? persons_[place] : static_cast<storage::FactNumber>(number);
    }
    bool has_several_identities(std::string_view identity) const {
        return joined_.contains(std::string(identity));
    }
    // The number that a value of an extension is counted under, the same for all threads. Error:
    // analytics_query_too_large.
    Result<std::int64_t> extension_number(const std::string& text);
    std::string extension_text(std::int64_t number) const;
    // Error: analytics_query_too_large.
    Result<void> read_lists();
    const std::vector<storage::FactNumber>& list(std::int64_t number) const {
        return lists_[static_cast<std::size_t>(number)];
    }
    // no_fact where the list is empty.
    std::int64_t first_of_list(std::int64_t number) const {
        return firsts_[static_cast<std::size_t>(number)];
    }

  private:
    Lookups(storage::RecordStore& store, storage::StoreId tenant) : store_(store), tenant_(tenant) {}

    storage::RecordStore& store_;
    const storage::StoreId tenant_;
    std::size_t smallest_group_ = 0;
    std::vector<storage::FactNumber> persons_; // by number, as far as the greatest that is joined
    boost::unordered_flat_set<std::string> joined_;
    std::vector<std::vector<storage::FactNumber>> lists_; // by their numbers
    std::vector<std::int64_t> firsts_;                    // the same
    mutable std::mutex extensions_mutex_;                 // for what follows
    boost::unordered_flat_map<std::string, std::int64_t> extension_numbers_;
    std::vector<std::string> extension_texts_; // by their numbers, from 1
};

class Selection {
  public:
    // REQUIRES: `filter` lives as long. Errors: analytics_persons_hidden, the store's.
    static Result<Selection> make(std::shared_ptr<Lookups> lookups, const Filter& filter);

    void need(std::initializer_list<storage::FactColumn> columns);
    void need(DimensionKind kind);
    void need(const Selection& other) { // what it needs too
        columns_ |= other.columns_;
        statements_ = statements_ || other.statements_;
    }
    void need_time(); // for time()
    // Another period than that of the filter.
    void set_period(std::int64_t after, std::int64_t until);
    // What is to be scanned, once all is known that is needed. Error: analytics_query_too_large.
    Result<storage::FactQuery> facts(storage::Sequence snapshot);

    bool nothing() const { return nothing_; } // no row can match
    bool everything() const;                  // every row does
    bool wants(const storage::FactBlock& block, std::size_t row) const;
    std::int64_t time(const storage::FactBlock& block, std::size_t row) const {
        return block[filter_->by_stored ? storage::FactColumn::stored : storage::FactColumn::timestamp][row];
    }
    storage::FactNumber learner(const storage::FactBlock& block, std::size_t row) const {
        return lookups_->person(block[storage::FactColumn::actor][row]);
    }
    // no_fact where there is none.
    std::int64_t course(const storage::FactBlock& block, std::size_t row) const {
        for (const auto column : {storage::FactColumn::groupings, storage::FactColumn::parents}) {
            const auto first = lookups_->first_of_list(block[column][row]);
            if (first != storage::no_fact) return first;
        }
        return activity(block, row);
    }
    std::int64_t activity(const storage::FactBlock& block, std::size_t row) const {
        return block[storage::FactColumn::object_is_actor][row] == storage::no_fact
                   ? block[storage::FactColumn::object][row]
                   : storage::no_fact;
    }
    Lookups& lookups() const { return *lookups_; }

  private:
    // A filter with its texts as numbers.
    struct Wanted {
        Source source;
        DimensionKind kind{};
        bool wanted = true;
        boost::unordered_flat_set<std::int64_t> numbers;
        boost::unordered_flat_set<std::string> texts; // of registrations and extensions
        std::string extension;
    };

    Selection(std::shared_ptr<Lookups> lookups, const Filter& filter)
        : lookups_(std::move(lookups)), filter_(&filter), after_(filter.after), until_(filter.until) {}
    bool has_period() const;
    Result<void> add(const ValueFilter& filter);
    Result<void> add_named(const ValueFilter& filter, Wanted& wanted) const;
    bool has_one_of(const Wanted& filter, const storage::FactBlock& block, std::size_t row) const;

    std::shared_ptr<Lookups> lookups_;
    const Filter* filter_;
    std::int64_t after_;
    std::int64_t until_;
    std::vector<Wanted> wanted_;
    std::vector<spec::Term> terms_;
    std::shared_ptr<const ZoneClock> clock_; // where a weekday or an hour is wanted
    std::uint32_t columns_ = 0;              // a bit each
    bool statements_ = false;
    bool nothing_ = false;
};

} // namespace leerspoor::server::analytics
