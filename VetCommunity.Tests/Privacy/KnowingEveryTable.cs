using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

[Promise("PR2")]
public class KnowingEveryTable
{
    // Numbers that are no member's: of rooms, topics, messages, decisions and the like.
    static readonly HashSet<string> Others = new(
    [
        "Id", "ConversationId", "TopicId", "OrganisationId", "DefaultTopicId", "WebhookId", "HiddenById", "DecisionId", "ResolutionId", "DraftId", "SearchId", "MessageId", "ReplyToSeq", "TermId",
        "DocumentId", "SessionId", "VersionId", "SourceId", "RevisionId", "ParentId", "CollectionId", "AudienceQuestionId", "QuestionId", "SeriesId", "RehearsalOfId", "LessonId", "TrainersRoomId", "TalkId",
    ], StringComparer.Ordinal);

    [Fact]
    public void A_table_without_a_rule_for_leaving_and_taking_along_does_not_pass()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        var ruled = Holdings.All.Select(holding => holding.Table).Concat(Holdings.Nobodys).ToList();
        Assert.Equal(ruled.Count, ruled.Distinct().Count());
        var tables = db.Model.GetEntityTypes().Where(type => !type.IsOwned()).Select(type => type.ClrType).ToList();
        Assert.Equal([], tables.Except(ruled).Select(type => "no rule for " + type.Name));
        Assert.Equal([], ruled.Except(tables).Select(type => "no table " + type.Name));
    }

    [Fact]
    public void What_a_file_of_the_export_holds_is_said_in_every_language() => Assert.All(Holdings.All.Where(holding => holding.File.Length > 0), holding =>
        Assert.Equal(Languages.All.Count, Languages.All.Select(language => Gathering.Say("File_" + holding.File, System.Globalization.CultureInfo.GetCultureInfo(language))).Distinct().Count()));

    [Fact]
    public void A_column_with_a_members_number_stands_in_its_tables_rule()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        foreach (var type in db.Model.GetEntityTypes().Where(type => !type.IsOwned() && type.ClrType != typeof(Core.Members.Member)))
        {
            var numbers = type.GetProperties().Where(p => p.ClrType == typeof(int) || p.ClrType == typeof(int?)).Select(p => p.Name)
                .Where(name => name.EndsWith("Id", StringComparison.Ordinal) && !Others.Contains(name));
            var ruled = Holdings.All.SingleOrDefault(holding => holding.Table == type.ClrType)?.Numbers ?? [];
            Assert.Equal((type.ClrType.Name, string.Join(' ', numbers.Order(StringComparer.Ordinal))), (type.ClrType.Name, string.Join(' ', ruled.Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public void What_a_rule_withholds_is_a_column_of_its_table_and_secrets_are_withheld()
    {
        using var db = new SqliteDesign().CreateDbContext([]);
        foreach (var holding in Holdings.All)
        {
            var columns = db.Model.FindEntityType(holding.Table)!.GetProperties().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
            Assert.Equal([], holding.Withheld.Except(columns));
            if (holding.Mine is null || holding.File.Length == 0)
                continue;
            Assert.Equal([], columns.Except(holding.Withheld).Where(name => name.Contains("Hash", StringComparison.Ordinal) || name.Contains("Secret", StringComparison.Ordinal)
                || name.Contains("Stamp", StringComparison.Ordinal)));
        }
        var files = Holdings.All.Where(holding => holding.Mine is not null && holding.File.Length > 0).Select(holding => holding.File).ToList();
        Assert.Equal(files.Count, files.Distinct(StringComparer.Ordinal).Count());
    }
}
