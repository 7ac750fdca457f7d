using Microsoft.Extensions.Configuration;
using VetCommunity.App.Members;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Members;

public class LimitingWhoTries
{
    [Fact]
    public async Task A_new_handle_brings_neither_new_guesses_of_the_password_nor_new_invitations()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        using var limits = new AccountLimits(new ConfigurationBuilder().Build());
        var renamed = world.Anna with { Handle = "anna-again" };
        for (var number = 0; number < 10; number++)
            limits.Password(world.Anna);
        for (var number = 0; number < 60; number++)
            limits.Invite(world.Anna);

        Assert.Equal(Refusal.TooManyTries, Assert.Throws<RefusedException>(() => limits.Password(renamed)).Refusal);
        Assert.Equal(Refusal.TooManyTries, Assert.Throws<RefusedException>(() => limits.Invite(renamed)).Refusal);
        limits.Password(world.Bruno);
    }
}
