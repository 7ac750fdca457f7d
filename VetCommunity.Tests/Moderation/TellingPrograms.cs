using System.Text.Json;
using VetCommunity.App.Conversations;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class TellingPrograms
{
    [Theory, OnBothDatabases]
    public async Task To_programs_a_hidden_message_looks_deleted_and_comes_back_edited(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Unheard of");
        var id = await world.Decisions.DecideAsync(world.Anna, "welding", said.Seq, Rulings.Hide);
        var hidden = await world.Conversations.ChangesAsync(world.Olga, "welding", 1);
        Assert.Equal(("MessageDeleted", null), (Wire.Told(hidden.Changes[0]).Type, Wire.Told(hidden.Changes[0]).Message));
        var opened = Wire.Of((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single());
        Assert.NotNull(opened.DeletedAt);
        Assert.DoesNotContain("Unheard", JsonSerializer.Serialize(opened), StringComparison.Ordinal);

        await world.Decisions.AppealAsync(world.Bruno, id, "It was a quotation");
        await world.Decisions.AnswerAsync(world.Carla, id, AppealOutcome.Lifted, "So it was");
        var back = Wire.Told((await world.Conversations.ChangesAsync(world.Olga, "welding", 2)).Changes.Single());
        Assert.Equal(("MessageEdited", "Unheard of", null), (back.Type, back.Message!.Markdown, back.Message.DeletedAt));
    }
}
