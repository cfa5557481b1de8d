#include "server/analytics/selection.hpp"

#include "server/analytics/extension.hpp"
#include "server/analytics/time_buckets.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <chrono>
#include <cmath>

namespace leerspoor::server::analytics {
namespace {

using storage::FactBlock;
using storage::FactColumn;
using storage::FactNumber;
using storage::FactText;
using storage::no_fact;

constexpr std::size_t most_lists = 1'000'000;
constexpr std::size_t most_extension_values = 200'000;
constexpr std::size_t most_names = 1'000'000; // that are looked at for a text

// Which filter of GET statements finds a superset of the rows.
std::optional<spec::Filter> filter_of(DimensionKind kind) {
    switch (kind) {
    case DimensionKind::verb:
        return spec::Filter::verb;
    case DimensionKind::activity:
        return spec::Filter::activity;
    case DimensionKind::learner:
        return spec::Filter::agent;
    case DimensionKind::registration:
        return spec::Filter::registration;
    case DimensionKind::parent:
    case DimensionKind::grouping:
    case DimensionKind::category:
        return spec::Filter::related_activity;
    case DimensionKind::team:
    case DimensionKind::instructor:
        return spec::Filter::related_agent;
    default:
        return std::nullopt;
    }
}

bool is_list(std::size_t column) {
    const auto of = static_cast<FactColumn>(column);
    return of == FactColumn::parents || of == FactColumn::groupings || of == FactColumn::categories;
}

bool name_has(storage::RecordStore& store, storage::StoreId tenant, FactText kind, const std::string& text,
              std::string_view wanted, Result<void>& outcome) {
    if (kind == FactText::actor) {
        const auto names = store.agent_names(tenant, text);
        if (!names) {
            outcome = names.error();
            return false;
        }
        return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
            return spec::lower_case(name).find(wanted) != std::string::npos;
        });
    }
    const auto definition = store.activity_definition(tenant, text);
    if (!definition) {
        outcome = definition.error();
        return false;
    }
    if (!*definition) return false;
    const auto parsed = spec::parse_stored_json(**definition);
    const auto* object = parsed ? parsed->if_object() : nullptr;
    const auto* names = object ? object->if_contains("name") : nullptr;
    if (!names || !names->is_object()) return false;
    return std::any_of(names->get_object().begin(), names->get_object().end(), [&](const auto& name) {
        return name.value().is_string() &&
               spec::lower_case(std::string(name.value().get_string())).find(wanted) != std::string::npos;
    });
}

} // namespace

Error query_too_large() {
    return {"analytics_query_too_large", "",
            "This query has more groups or different values than fit in its memory. Narrow it by a filter, "
            "or ask for coarser dimensions."};
}

Error persons_hidden() {
    return {"analytics_persons_hidden", "",
            "Persons are not for your role or key: neither as a dimension nor as a filter."};
}

bool tells_persons(DimensionKind kind) {
    return kind == DimensionKind::learner || kind == DimensionKind::instructor ||
           kind == DimensionKind::registration;
}

std::int64_t score_band(std::int64_t fact) {
    return static_cast<std::int64_t>(std::floor(storage::score_of(fact) * 10 + 1e-9));
}

Source source_of(DimensionKind kind) {
    switch (kind) {
    case DimensionKind::verb:
        return {FactColumn::verb};
    case DimensionKind::activity:
    case DimensionKind::course:
        return {FactColumn::object};
    case DimensionKind::activity_type:
        return {FactColumn::activity_type};
    case DimensionKind::parent:
        return {FactColumn::parents, FactText::iri, true};
    case DimensionKind::grouping:
        return {FactColumn::groupings, FactText::iri, true};
    case DimensionKind::category:
        return {FactColumn::categories, FactText::iri, true};
    case DimensionKind::learner:
        return {FactColumn::actor, FactText::actor};
    case DimensionKind::team:
        return {FactColumn::team, FactText::actor};
    case DimensionKind::instructor:
        return {FactColumn::instructor, FactText::actor};
    case DimensionKind::platform:
        return {FactColumn::platform, FactText::word};
    case DimensionKind::language:
        return {FactColumn::language, FactText::word};
    case DimensionKind::registration:
        return {FactColumn::registration, FactText::word, false, false};
    case DimensionKind::success:
        return {FactColumn::success, FactText::word, false, false};
    case DimensionKind::completion:
        return {FactColumn::completion, FactText::word, false, false};
    case DimensionKind::score_band:
        return {FactColumn::score_scaled, FactText::word, false, false};
    default:
        return {FactColumn::timestamp, FactText::word, false, false};
    }
}

Result<std::shared_ptr<Lookups>> Lookups::make(storage::RecordStore& store, storage::StoreId tenant,
                                               const Persons& persons, std::size_t smallest_group) {
    std::shared_ptr<Lookups> made(new Lookups(store, tenant));
    made->smallest_group_ = smallest_group;
    for (const auto& identities : persons) {
        FactNumber shown = 0;
        for (const auto& identity : identities) {
            const auto number = made->number_of(FactText::actor, identity);
            if (!number) return number.error();
            made->joined_.insert(identity);
            if (*number == 0) continue;
            if (shown == 0) shown = static_cast<FactNumber>(*number);
            const auto place = static_cast<std::size_t>(*number);
            while (made->persons_.size() <= place)
                made->persons_.push_back(static_cast<FactNumber>(made->persons_.size()));
            made->persons_[place] = shown;
        }
    }
    return made;
}

Result<std::int64_t> Lookups::number_of(FactText kind, std::string_view text) const {
    const auto number = store_.fact_number(tenant_, kind, text);
    if (!number) return number.error();
    return std::int64_t{number->value_or(0)};
}

Result<std::string> Lookups::text_of(FactText kind, std::int64_t number) const {
    auto text = store_.fact_text(tenant_, kind, static_cast<FactNumber>(number));
    if (!text) return text.error();
    return Result<std::string>(boost::system::in_place_value, text->value_or(""));
}

Result<std::int64_t> Lookups::extension_number(const std::string& text) {
    const std::lock_guard lock(extensions_mutex_);
    const auto next = static_cast<std::int64_t>(extension_texts_.size()) + 1;
    const auto [known, added] = extension_numbers_.try_emplace(text, next);
    if (added) extension_texts_.push_back(text);
    if (extension_texts_.size() > most_extension_values) return query_too_large();
    return known->second;
}

std::string Lookups::extension_text(std::int64_t number) const {
    const std::lock_guard lock(extensions_mutex_);
    return extension_texts_[static_cast<std::size_t>(number - 1)];
}

Result<void> Lookups::read_lists() {
    if (!lists_.empty()) return {};
    const auto last = store_.last_fact_number(tenant_, FactText::list);
    if (!last) return last.error();
    if (*last > most_lists) return query_too_large();
    lists_.resize(*last + 1);
    firsts_.resize(*last + 1, no_fact);
    // Those that come while this goes on are of no row that is read.
    return store_.each_fact_text(tenant_, FactText::list, [&](FactNumber number, std::string_view text) {
        if (number >= lists_.size()) return;
        lists_[number] = storage::list_of(text);
        if (!lists_[number].empty()) firsts_[number] = lists_[number].front();
    });
}

Result<Selection> Selection::make(std::shared_ptr<Lookups> lookups, const Filter& filter) {
    Selection made(std::move(lookups), filter);
    if (made.has_period()) made.need_time();
    if (filter.score) made.need({FactColumn::score_scaled});
    if (filter.seconds) made.need({FactColumn::duration});
    if (filter.success) made.need({FactColumn::success});
    if (filter.completion) made.need({FactColumn::completion});
    for (const auto& values : filter.values) {
        auto added = made.add(values);
        if (!added) return added.error();
    }
    return made;
}

Result<void> Selection::add(const ValueFilter& filter) {
    if (lookups_->hides_persons() && tells_persons(filter.kind)) return persons_hidden();
    Wanted wanted;
    wanted.source = source_of(filter.kind);
    wanted.kind = filter.kind;
    wanted.wanted = filter.wanted;
    wanted.extension = filter.extension;
    need(filter.kind);
    if (is_time(filter.kind)) {
        clock_ = ZoneClock::of(filter_->zone);
        need_time();
    }
    const bool of_learner = filter.kind == DimensionKind::learner;
    if (filter.by_name) {
        auto added = add_named(filter, wanted);
        if (!added) return added;
    }
    for (std::size_t i = 0; i < filter.values.size() && !filter.by_name; ++i) {
        const auto& text = filter.values[i];
        if (filter.kind == DimensionKind::registration || filter.kind == DimensionKind::extension) {
            wanted.texts.insert(text);
            continue;
        }
        const auto number = lookups_->number_of(wanted.source.kind, text);
        if (!number) return number.error();
        if (*number != 0) wanted.numbers.insert(of_learner ? lookups_->person(*number) : *number);
    }
    for (const auto number : filter.numbers) wanted.numbers.insert(number);
    if (filter.wanted && wanted.numbers.empty() && wanted.texts.empty()) nothing_ = true;
    const auto term = filter_of(filter.kind);
    if (term && filter.wanted && !filter.by_name && filter.values.size() == 1 &&
        !(of_learner && lookups_->has_several_identities(filter.values[0])))
        terms_.push_back({*term, filter.values[0]});
    wanted_.push_back(std::move(wanted));
    return {};
}

// Whose name, in any language, has one of these texts in it.
Result<void> Selection::add_named(const ValueFilter& filter, Wanted& wanted) const {
    const auto kind = wanted.source.kind;
    auto& store = lookups_->store();
    const auto last = store.last_fact_number(lookups_->tenant(), kind);
    if (!last) return last.error();
    if (*last > most_names) return query_too_large();
    Result<void> outcome;
    for (FactNumber number = 1; number <= *last; ++number) {
        const auto text = lookups_->text_of(kind, number);
        if (!text) return text.error();
        for (const auto& name : filter.values) {
            if (name_has(store, lookups_->tenant(), kind, *text, name, outcome))
                wanted.numbers.insert(filter.kind == DimensionKind::learner ? lookups_->person(number)
                                                                            : number);
            if (!outcome) return outcome;
        }
    }
    return {};
}

void Selection::need(std::initializer_list<FactColumn> columns) {
    for (const auto column : columns) columns_ |= std::uint32_t{1} << static_cast<unsigned>(column);
}

void Selection::need(DimensionKind kind) {
    if (is_time(kind)) return;
    if (kind == DimensionKind::extension) {
        statements_ = true;
        return;
    }
    need({source_of(kind).column});
    if (kind == DimensionKind::activity) need({FactColumn::object_is_actor});
    if (kind == DimensionKind::course)
        need({FactColumn::object_is_actor, FactColumn::parents, FactColumn::groupings});
    if (kind == DimensionKind::registration) need({FactColumn::registration_low});
}

void Selection::need_time() {
    need({filter_->by_stored ? FactColumn::stored : FactColumn::timestamp});
}

bool Selection::has_period() const {
    return after_ != std::numeric_limits<std::int64_t>::min() ||
           until_ != std::numeric_limits<std::int64_t>::max();
}

void Selection::set_period(std::int64_t after, std::int64_t until) {
    after_ = after;
    until_ = until;
    if (has_period()) need_time();
}

Result<storage::FactQuery> Selection::facts(storage::Sequence snapshot) {
    storage::FactQuery query;
    query.snapshot = snapshot;
    query.terms = terms_;
    query.statements = statements_;
    if (!filter_->by_stored) {
        if (after_ != std::numeric_limits<std::int64_t>::min()) query.timestamp_from = after_ + 1;
        query.timestamp_to = until_;
    }
    for (std::size_t i = 0; i < storage::fact_columns; ++i) {
        if ((columns_ >> i & 1) == 0) continue;
        query.columns.push_back(static_cast<FactColumn>(i));
        if (!is_list(i)) continue;
        auto read = lookups_->read_lists();
        if (!read) return read.error();
    }
    return query;
}

bool Selection::everything() const {
    const Filter& filter = *filter_;
    return wanted_.empty() && !filter.success && !filter.completion && !filter.score && !filter.seconds &&
           !has_period();
}

bool Selection::wants(const FactBlock& block, std::size_t row) const {
    if (has_period()) {
        const std::int64_t at = time(block, row);
        if (at <= after_ || at > until_) return false;
    }
    const Filter& filter = *filter_;
    if (filter.success && block[FactColumn::success][row] != (*filter.success ? 2 : 1)) return false;
    if (filter.completion && block[FactColumn::completion][row] != (*filter.completion ? 2 : 1)) return false;
    if (filter.score) {
        const auto fact = block[FactColumn::score_scaled][row];
        if (fact == no_fact) return false;
        const double score = storage::score_of(fact);
        if (!(score >= filter.score->from && score <= filter.score->to)) return false;
    }
    if (filter.seconds) {
        const auto fact = block[FactColumn::duration][row];
        if (fact == no_fact) return false;
        const double seconds = static_cast<double>(fact - 1) / 100;
        if (!(seconds >= filter.seconds->from && seconds <= filter.seconds->to)) return false;
    }
    return std::all_of(wanted_.begin(), wanted_.end(),
                       [&](const Wanted& one) { return has_one_of(one, block, row) == one.wanted; });
}

bool Selection::has_one_of(const Wanted& filter, const FactBlock& block, std::size_t row) const {
    if (filter.kind == DimensionKind::registration) {
        const auto high = block[FactColumn::registration][row];
        const auto low = block[FactColumn::registration_low][row];
        return filter.texts.contains(spec::to_string(storage::registration_of(high, low)));
    }
    if (filter.kind == DimensionKind::extension) {
        const auto value = find_extension(block.statements[row].bytes, filter.extension);
        return value && filter.texts.contains(*value);
    }
    if (is_time(filter.kind)) {
        const auto seconds =
            std::chrono::floor<std::chrono::seconds>(std::chrono::microseconds(time(block, row)));
        const auto span = clock_->span(seconds.count());
        return filter.numbers.contains(bucket_of(filter.kind, seconds.count(), span.offset));
    }
    if (filter.kind == DimensionKind::course) return filter.numbers.contains(course(block, row));
    if (filter.kind == DimensionKind::activity) return filter.numbers.contains(activity(block, row));
    const auto number = block[filter.source.column][row];
    if (number == no_fact) return false;
    if (filter.kind == DimensionKind::score_band) return filter.numbers.contains(score_band(number));
    if (filter.kind == DimensionKind::learner) return filter.numbers.contains(lookups_->person(number));
    if (!filter.source.list) return filter.numbers.contains(number);
    const auto& list = lookups_->list(number);
    return std::any_of(list.begin(), list.end(),
                       [&](FactNumber one) { return filter.numbers.contains(one); });
}

} // namespace leerspoor::server::analytics
