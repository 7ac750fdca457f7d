using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Xunit;

namespace VetCommunity.Tests.Running;

public class SendingWhatBecameDue(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task What_became_due_while_the_server_was_down_is_sent_after_the_start_and_once()
    {
        await community.KillAsync();
        await ScheduleAsync("Good morning, although late", begun: false);
        await ScheduleAsync("Cut off in the middle", begun: true);
        await community.StartAsync();

        await AssertSaidOnceAsync();
        await community.KillAsync();
        await community.StartAsync();
        await AssertSaidOnceAsync();
    }

    async Task AssertSaidOnceAsync()
    {
        await using var reader = await community.ConnectAsync("member2@demo.example");
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] wanted = ["Cut off in the middle", "Good morning, although late"];
        reader.On<JsonElement>("MessagePosted", _ => heard.TrySetResult());
        while (true)
        {
            var said = (await reader.OpenAsync("welcome")).GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("markdown").GetString()!)
                .Where(wanted.Contains).Order(StringComparer.Ordinal).ToList();
            if (said.Count >= wanted.Length)
            {
                Assert.Equal(wanted, said);
                return;
            }
            await heard.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
            heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    async Task ScheduleAsync(string text, bool begun)
    {
        await using var connection = new SqliteConnection($"Data Source={community.DatabaseFile};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO "ScheduledMessages" ("MemberId", "ConversationId", "FormKey", "Markdown", "Topic", "DueAt", "MadeAt", "BegunAt")
            SELECT m."Id", c."Id", $text, $text, '', 1, 1, $begun FROM "Members" m, "Conversations" c WHERE m."Email" = 'member@demo.example' AND c."Slug" = 'welcome'
            """;
        command.Parameters.AddWithValue("$text", text);
        command.Parameters.AddWithValue("$begun", begun ? 1 : DBNull.Value);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
