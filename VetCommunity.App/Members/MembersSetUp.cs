namespace VetCommunity.App.Members;

/// <summary>Accounts, profiles, organisations.</summary>
static class MembersSetUp
{
    public static void AddMembers(this WebApplicationBuilder builder) { }
    public static void UseMembers(this WebApplication app) { }
    public static void MapMembers(this WebApplication app) { }
}
