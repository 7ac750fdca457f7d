using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>How long a hash takes differs from machine to machine; how often one is made, and how hard, does not.</summary>
public class CheckingAPassword
{
    [Fact]
    public async Task An_address_without_an_account_and_an_account_without_a_password_cost_what_a_wrong_password_costs()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var hash = Passwords.HashOf("a quiet morning");
        await world.InDbAsync(async db =>
        {
            await db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.LockoutEnabled, true).SetProperty(m => m.PasswordHash, hash));
            return await db.Users.Where(m => m.Handle == "olga").ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, (string?)null));
        });
        var counted = new Counted();
        await using var services = Services(world, counted);

        var wrong = await TriesAsync("bruno@example.org");
        var stranger = await TriesAsync("nobody@example.org");
        var withoutPassword = await TriesAsync("olga@example.org");

        // Five are judged, each by one hash; then all three are locked, in the same words and without work.
        Assert.Equal([1, 1, 1, 1, 1, 0, 0], wrong.Select(one => one.Work.Length));
        Assert.Equal(
            [Refusal.WrongCredentials, Refusal.WrongCredentials, Refusal.WrongCredentials, Refusal.WrongCredentials, Refusal.LockedOut, Refusal.LockedOut, Refusal.LockedOut], wrong.Select(one => one.Answer));
        Assert.Equal(wrong.Select(AsText), stranger.Select(AsText));
        Assert.Equal(wrong.Select(AsText), withoutPassword.Select(AsText));

        async Task<List<(Refusal Answer, string[] Work)>> TriesAsync(string email)
        {
            List<(Refusal, string[])> tries = [];
            for (var number = 0; number < 7; number++)
            {
                counted.Work.Clear();
                await using var scope = services.CreateAsyncScope();
                var check = scope.ServiceProvider.GetRequiredService<PasswordCheck>();
                var answer = await World.RefusalOfAsync(() => check.JudgeAsync(email, "a noisy evening", "203.0.113.1", TestContext.Current.CancellationToken));
                tries.Add((answer, [.. counted.Work]));
            }
            return tries;
        }

        static string AsText((Refusal Answer, string[] Work) one) => $"{one.Answer} {string.Join(' ', one.Work)}";
    }

    static ServiceProvider Services(World world, Counted counted)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddHttpContextAccessor();
        services.AddAuthentication();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<StrangersLockOut>();
        services.AddSingleton(new Accounts(world.Db, world.Feed, TimeProvider.System));
        services.AddScoped(_ => world.Db.CreateDbContext());
        services.AddIdentityCore<Member>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3).AddEntityFrameworkStores<CommunityDb>().AddSignInManager();
        services.AddSingleton<IPasswordHasher<Member>>(counted);
        services.AddSingleton<HashingTurns>();
        services.AddScoped<PasswordCheck>();
        return services.BuildServiceProvider();
    }

    /// <summary>Hashes as the program does, and keeps of each time how hard it was.</summary>
    sealed class Counted : PasswordHasher<Member>
    {
        public List<string> Work { get; } = [];

        public override PasswordVerificationResult VerifyHashedPassword(Member user, string hashedPassword, string providedPassword)
        {
            // Which function, how many rounds, and how long the salt is stand at the beginning; the rest is as long as what comes of it.
            var hash = Convert.FromBase64String(hashedPassword);
            Work.Add($"{Convert.ToHexString(hash[..13])} {hash.Length}");
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        public override string HashPassword(Member user, string password)
        {
            Work.Add("anew");
            return base.HashPassword(user, password);
        }
    }
}
